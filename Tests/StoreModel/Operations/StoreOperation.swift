import TestSupport

/// One step of a run: what is done, and the seed of everything in it that is left to chance. It depends
/// on no other step, so that any part of a list of them is a list that can be run.
package struct StoreOperation: Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, CaseIterable, Sendable {
    // What a user does.
    case upsertFew, upsertMany, delete, updateProperties, batch, refusedBatch
    case searchExact, searchByIndex, searchFiltered, compareObject, compareAll
    case holdSnapshot, compareSnapshot
    // What changes nothing that a user sees.
    case work, workIdle, compact, compactFully, convert, convertBack, indexProperty,
      dropPropertyIndex
    case reopen, kill
  }

  package var kind: Kind
  package var seed: UInt64
  /// Where it stood in the list that was made.
  package var position: Int

  package init(_ kind: Kind, seed: UInt64, position: Int) {
    self.kind = kind
    self.seed = seed
    self.position = position
  }

  package var description: String { "#\(position) \(kind.rawValue) \(String(seed, radix: 16))" }

  /// How often a user does what, in thousandths.
  private static let shares: [(share: Int, kind: Kind)] = [
    (380, .upsertFew), (20, .upsertMany), (120, .delete), (65, .updateProperties), (80, .batch),
    (5, .refusedBatch), (120, .searchExact), (110, .searchByIndex), (40, .searchFiltered),
    (30, .compareObject), (5, .compareAll), (15, .holdSnapshot), (10, .compareSnapshot),
  ]

  /// What a user might do, made of a seed. It begins with enough objects for a graph.
  package static func list(seed: UInt64, count: Int) -> [StoreOperation] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { position in
      var rest = Int.random(in: 0..<1_000, using: &random)
      var kind = Kind.upsertMany
      if position >= 3 {
        for (share, candidate) in shares {
          kind = candidate
          rest -= share
          if rest < 0 { break }
        }
      }
      return StoreOperation(kind, seed: random.next(), position: position)
    }
  }
}
