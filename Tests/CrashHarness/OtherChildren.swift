import CFileCalls
import Seamstone
import StoreModel
import TestSupport

/// Opens a store that another process writes to, and prints what comes of it.
func lockingChild(_ path: String) {
  do {
    let store = try Store.open(at: FilePath(path), options: StoreFixture.options())
    store.close()
    say("opened")
  } catch {
    say(error.code.rawValue)
  }
}

/// Follows a store as a reader process. Every line from standard input is a command:
/// `filtered` prints which properties are indexed and the ids that a filter finds, `hold` takes a snapshot, `held` and `now` print exact answers of the snapshot and of the newest
/// version, `release` closes the snapshot.
func readingChild(_ path: String, seed: UInt64) throws {
  var options = StoreFixture.options(manual: false)
  options.readOnly = true
  let store = try Store.open(at: FilePath(path), options: options)
  var held: Snapshot?
  say("ready")
  while let command = readLine() {
    switch command {
    case "hold":
      held = try store.snapshot()
      say("holding")
    case "held":
      guard let held else { return say("nothing is held") }
      say(try answers(held, seed: seed))
    case "now":
      let snapshot = try store.snapshot()
      say(try answers(snapshot, seed: seed))
      snapshot.close()
    case "filtered":
      let collection = try store.collection(CrashWorkload.collectionName(0))
      let query = [Float](repeating: 0, count: CrashWorkload.dimensions)
      let hits = try collection.searchIDs(near: query, limit: 10_000, where: Field("n") == 3)
      say("\(try collection.propertyIndexes.map(\.isComplete)) \(hits.map(\.id).sorted())")
    case "release":
      held?.close()
      held = nil
      say("released")
    default: return store.close()
    }
  }
}

/// Exact answers to seeded queries, bit for bit, and some answers by index, which must not fail.
func answers(_ snapshot: Snapshot, seed: UInt64) throws -> String {
  var random = SeededGenerator(seed: seed)
  let collection = try snapshot.collection(CrashWorkload.collectionName(0))
  var parts: [String] = ["\(try collection.count())"]
  for _ in 0..<4 {
    let query = VectorMaker.vector(
      CrashWorkload.dimensions, metric: CrashWorkload.metrics[0], using: &random)
    for hit in try collection.search(near: query, limit: 10, exact: true) {
      parts.append("\(hit.id):\(hit.distance.bitPattern)")
    }
    parts.append("\(try collection.search(near: query, limit: 10, ef: 100).count)")
  }
  return parts.joined(separator: " ")
}

/// A write whose sync fails, and what the store does afterwards.
func poisonedChild(_ path: String) throws {
  let store = try Store.open(at: FilePath(path), options: StoreFixture.options())
  let name = CrashWorkload.collectionName(0)
  let collection = try store.collection(name, CrashWorkload.configuration(0))
  let workload = CrashWorkload(seed: 5)
  try collection.upsert(workload.batch(1, writer: 0).upserts)
  let before = try collection.count()
  file_calls_fail_syncs(0)
  say(
    "failing "
      + code { () throws(StoreError) in
        try collection.upsert(VectorObject(id: "lost", vector: nil, properties: [:]))
      })
  file_calls_fail_syncs(-1)
  say(
    "after "
      + code { () throws(StoreError) in
        try collection.upsert(VectorObject(id: "refused", vector: nil, properties: [:]))
      })
  say("compact " + code { () throws(StoreError) in try collection.compact(full: true) })
  say("poisoned \(store.poisonedBy != nil)")
  say("event \(store.recentEvents.contains { $0.kind == .poisoned })")
  let query = [Float](repeating: 0.5, count: CrashWorkload.dimensions)
  say("search \(try collection.search(near: query, limit: 3).count == min(3, before))")
  say("failures \(file_calls_failures() > 0)")
  store.close()
}

private func code(_ body: () throws(StoreError) -> Void) -> String {
  do throws(StoreError) {
    try body()
    return "ok"
  } catch {
    return error.code.rawValue
  }
}

/// Kills this process before a call on the store's files.
func dieAtCall(below path: String, kinds: Int32, passing: Int) {
  var fault = file_fault()
  fault.kinds = kinds
  fault.passing = passing
  fault.failing = 1
  fault.is_fatal = 1
  file_calls_watch(path)
  file_calls_fail(&fault)
}
