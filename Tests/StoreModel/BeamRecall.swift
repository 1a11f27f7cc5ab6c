/// The recall@10 of the same index searches with a wide and with a narrow beam.
///
/// A beam of 400 sees most of a graph of a few hundred nodes, whatever its links are like. So graphs here have
/// thousands of nodes where it matters, and the narrow beam tells when their links are worse than they were.
package struct BeamRecall: Sendable, CustomStringConvertible {
  package static let wideBeam = 400
  package static let narrowBeam = 32
  /// What the narrow beam must find at least, on graphs with `m` 8 as the fixtures build them.
  private static let narrowFloor = 0.95

  package var wide = Recall()
  package var narrow = Recall()

  package init() {}

  package static func += (a: inout BeamRecall, b: BeamRecall) {
    a.wide += b.wide
    a.narrow += b.narrow
  }

  /// Throws `ModelMismatch` if the wide beam found less than 0.99, or the narrow one less than its floor.
  /// Of less than a thousand results the narrow one's share is left to chance too much.
  package func require() throws {
    try wide.require(0.99)
    if narrow.expected >= 1_000 { try narrow.require(Self.narrowFloor) }
  }

  package var description: String {
    "\(wide) at ef \(Self.wideBeam), \(narrow) at ef \(Self.narrowBeam)"
  }
}
