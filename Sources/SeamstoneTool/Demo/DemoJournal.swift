import Seamstone
import VectorMath

/// The batches that the demo's child process writes until it is killed.
enum DemoJournal {
  static let collection = "Journal"
  /// Objects in a batch.
  static let rows = 50
  static let dimensions = 64

  /// The id of a row.
  static func id(round: Int, batch: Int, row: Int) -> ObjectID {
    .string("round \(round), batch \(batch), row \(row)")
  }

  /// A batch whose content follows from its number.
  static func batch(round: Int, _ batch: Int) -> [VectorObject] {
    var random = SeededRandom(seed: SeededRandom.mix(UInt64(round), UInt64(batch)))
    return (0..<rows).map { row in
      let vector = (0..<dimensions).map { _ in Float(random.below(2_001)) / 1_000 - 1 }
      return VectorObject(
        id: id(round: round, batch: batch, row: row), vector: vector,
        properties: ["round": .int(Int64(round)), "batch": .int(Int64(batch))])
    }
  }

  /// How many rows of a batch the collection has as they were written.
  static func countRows(
    of batch: Int, round: Int, in collection: Collection
  ) throws(StoreError) -> Int {
    let expected = self.batch(round: round, batch)
    let found = try collection.get(expected.map(\.id))
    return zip(expected, found).count { $0 == $1 }
  }
}
