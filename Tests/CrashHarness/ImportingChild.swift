import Seamstone
import StoreModel
import TestSupport

/// Imports rows of 128 components into a store with small limits, and prints the most memory of its own that the
/// process held after any batch.
func importingChild(_ path: String, rows: Int) throws {
  var options = StoreFixture.options(manual: false)
  options.compaction.bulkSealRows = 4_096
  options.compaction.softTailRows = 4_096
  options.compaction.hardTailRows = 8_192
  options.mapSize = 1 << 30
  let store = try Store.open(at: FilePath(path), options: options)
  let collection = try store.collection("rows", .init(dimensions: 128, metric: .l2Squared))
  var random = SeededGenerator(seed: 8)
  let noise = (0..<4_096).map { _ in Float.random(in: -1...1, using: &random) }
  var peak = 0
  try collection.bulkLoad(indexing: false) {
    for start in stride(from: 0, to: rows, by: 1_000) {
      try collection.upsert(
        (start..<min(start + 1_000, rows)).map { row in
          let place = row &* 31 % (noise.count - 128)
          return VectorObject(
            id: .int(Int64(row)), vector: Array(noise[place..<place + 128]),
            properties: ["row": .int(Int64(row))])
        })
      peak = max(peak, OwnMemory.anonymous())
    }
  }
  say("\(try collection.count()) \(peak)")
  store.close()
}
