import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Two processes and one store.
@Suite struct ProcessTests {
  private func open(_ directory: TemporaryDirectory) throws -> (Store, Collection) {
    let store = try Store.open(
      at: FilePath(directory.file("store.seam")), options: StoreFixture.options())
    let collection = try store.collection(
      CrashWorkload.collectionName(0), CrashWorkload.configuration(0))
    return (store, collection)
  }

  private func write(_ batches: ClosedRange<UInt64>, to collection: Collection) throws {
    let workload = CrashWorkload(seed: 77)
    for number in batches {
      let batch = workload.batch(number, writer: 0)
      try collection.upsert(batch.upserts)
      try collection.delete(ids: batch.deletes)
    }
  }

  @Test func aSecondWriterProcessIsRefused() throws {
    let directory = try TemporaryDirectory()
    let (store, _) = try open(directory)
    let second = try ChildProcess(["lock", directory.file("store.seam")])
    #expect(second.readLine() == "locked")
    #expect(second.wait() == 0)
    store.close()
    let third = try ChildProcess(["lock", directory.file("store.seam")])
    #expect(third.readLine() == "opened")
    // A writer that was killed holds no lock.
    let writer = try ChildProcess([
      "write", directory.file("store.seam"), directory.file("oracle"), "1",
    ])
    let oracle = try CrashOracle(path: directory.file("oracle"))
    while oracle.opened == 0, writer.isRunning { usleep(1_000) }
    writer.kill()
    let fourth = try ChildProcess(["lock", directory.file("store.seam")])
    #expect(fourth.readLine() == "opened")
  }

  @Test func aReaderProcessUsesIndexesThatAreMadeMeanwhile() throws {
    let directory = try TemporaryDirectory()
    let (store, collection) = try open(directory)
    defer { store.close() }
    func expected(_ indexes: [Bool]) throws -> String {
      var ids: [ObjectID] = []
      try store.read { snapshot in
        try snapshot.collection(collection.name).forEachObject { object in
          if object.vector != nil, object.properties["n"] == 3 { ids.append(object.id) }
          return true
        }
      }
      return "\(indexes) \(ids.sorted())"
    }
    try write(1...20, to: collection)
    let reader = try ChildProcess(["read", directory.file("store.seam"), "7"])
    #expect(reader.readLine() == "ready")
    #expect(try reader.ask("filtered") == expected([]))
    try collection.createPropertyIndex("n")
    #expect(try reader.ask("filtered") == expected([true]))
    try write(21...40, to: collection)
    #expect(try reader.ask("filtered") == expected([true]))
    try collection.dropPropertyIndex("n")
    #expect(try reader.ask("filtered") == expected([]))
    reader.send("end")
    #expect(reader.wait() == 0)
  }

  @Test func aReaderProcessKeepsItsSnapshotWhileTheWriterCompacts() throws {
    let directory = try TemporaryDirectory()
    let (store, collection) = try open(directory)
    defer { store.close() }
    try write(1...40, to: collection)
    try store.runBackgroundWork(isIdle: false)
    let reader = try ChildProcess(["read", directory.file("store.seam"), "7"])
    #expect(reader.readLine() == "ready")
    #expect(reader.ask("hold") == "holding")
    let held = reader.ask("held")
    #expect(held != nil)
    var latest = held
    for round in 0..<6 as Range<UInt64> {
      try write((41 + round * 12)...(52 + round * 12), to: collection)
      try store.runBackgroundWork(isIdle: round % 2 == 0)
      if round % 2 == 1 { try collection.compact(full: true) }
      try collection.delete(ids: (0..<40).map { .int(Int64(round) * 60 + $0) })
      #expect(reader.ask("held") == held, "round \(round)")
      let now = reader.ask("now")
      #expect(now != nil && now != latest, "round \(round)")
      #expect(now?.split(separator: " ").first.map(String.init) == "\(try collection.count())")
      latest = now
    }
    #expect(reader.ask("release") == "released")
    #expect(reader.ask("now") == latest)
    reader.send("end")
    #expect(reader.wait() == 0)
  }

  @Test func aReaderProcessReadsAcrossConversions() throws {
    let directory = try TemporaryDirectory()
    let (store, collection) = try open(directory)
    defer { store.close() }
    try write(1...30, to: collection)
    try collection.compact(full: true)
    let reader = try ChildProcess(["read", directory.file("store.seam"), "7"])
    #expect(reader.readLine() == "ready")
    #expect(reader.ask("hold") == "holding")
    let held = reader.ask("held")
    #expect(held != nil)
    for number in 1...8 as ClosedRange<UInt64> {
      try CrashConversion.begin(number, of: collection)
      #expect(reader.ask("now") == held, "conversion \(number) has not begun")
      try store.runBackgroundWork()
      #expect(try store.statistics().collections.first?.outdated == 0)
      // The files that the snapshot reads are unlinked by now.
      #expect(reader.ask("held") == held, "conversion \(number)")
      #expect(reader.ask("now") == held, "conversion \(number)")
    }
    reader.send("end")
    #expect(reader.wait() == 0)
  }

  @Test func aReaderProcessFollowsAWriterProcessThatIsKilled() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("store.seam")
    let oracle = try CrashOracle(path: directory.file("oracle"))
    var reader: ChildProcess?
    for round in 0..<4 {
      let opened = oracle.opened
      let writer = try ChildProcess(["write", path, directory.file("oracle"), "5"])
      while oracle.opened == opened, writer.isRunning { usleep(1_000) }
      while oracle.acknowledged(0) < 3, writer.isRunning { usleep(1_000) }
      if reader == nil {
        reader = try ChildProcess(["read", path, "9"])
        #expect(reader?.readLine() == "ready")
      }
      for _ in 0..<8 {
        let answer = reader?.ask("now")
        #expect(answer?.hasPrefix("error") == false, "round \(round): \(answer ?? "no answer")")
      }
      #expect(reader?.ask("hold") == "holding")
      writer.kill()
    }
    #expect(reader?.isRunning == true)
  }

  #if os(Linux)
    @Test func aFailedSyncPoisonsTheStoreUntilItIsReopened() throws {
      let directory = try TemporaryDirectory()
      let child = try ChildProcess(["poison", directory.file("store.seam")])
      let lines = child.readAll()
      #expect(child.wait() == 0)
      #expect(
        lines == [
          "failing outcomeUnknown", "after poisoned", "compact poisoned", "poisoned true",
          "event true", "search true", "failures true",
        ])
      // The outcome is one of the two, and the store takes writes again.
      let (store, collection) = try open(directory)
      defer { store.close() }
      var model = ModelCollection(metric: CrashWorkload.metrics[0])
      model.upsert(CrashWorkload(seed: 5).batch(1, writer: 0).upserts)
      let lost = VectorObject(id: "lost", vector: nil, properties: [:])
      if try collection.get("lost") != nil { model.upsert([lost]) }
      try collection.upsert(VectorObject(id: "new", vector: nil, properties: [:]))
      model.upsert([VectorObject(id: "new", vector: nil, properties: [:])])
      try ModelComparison(collection, model).checkObjects()
    }
  #endif
}
