import Seamstone
import StoreModel
import TestSupport

/// Writes, compacts and makes backups to one place until it is killed; prints how many objects each finished backup
/// has at least.
func backupChild(_ path: String, to destination: String) throws {
  let store = try Store.open(at: FilePath(path), options: StoreFixture.options(manual: false))
  let collection = try store.collection(
    "things", StoreFixture.configuration(dimensions: 6, metric: .l2Squared))
  var next = try collection.count()
  var random = SeededGenerator(seed: UInt64(next))
  while true {
    let objects = (next..<next + 40).map { id in
      VectorObject(
        id: .int(Int64(id)), vector: VectorMaker.vector(6, metric: .l2Squared, using: &random))
    }
    try collection.upsert(objects)
    next += objects.count
    if next % 3 == 0 { try collection.compact(full: true) }
    say("begin \(next)")
    try store.backup(to: FilePath(destination))
    say("done \(next)")
  }
}
