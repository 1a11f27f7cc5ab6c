import CrashImages
import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// Stores in places that are not what they should be: locks left behind, a medium that cannot be written, a network.
@Suite struct PlaceTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A store of some vectors, sealed and unsealed.
  private func fill(_ path: String) throws -> ModelCollection {
    let store = try Store.open(at: FilePath(path), options: StoreFixture.options())
    defer { store.close() }
    let collection = try store.collection(
      "things", StoreFixture.configuration(dimensions: 8, metric: .l2Squared))
    var random = SeededGenerator(seed: 12)
    var model = ModelCollection(metric: .l2Squared)
    for start in [0, 150] {
      let objects = (start..<start + 150).map { id in
        VectorObject(
          id: .int(Int64(id)),
          vector: VectorMaker.vector(8, metric: .l2Squared, using: &random),
          properties: ["n": .int(Int64(id % 7))])
      }
      try collection.upsert(objects)
      model.upsert(objects)
      if start == 0 { try collection.compact(full: true) }
    }
    return model
  }

  private func check(_ store: Store, _ model: ModelCollection) throws {
    var random = SeededGenerator(seed: 13)
    _ = try ModelComparison(try store.collection("things"), model)
      .checkAll(queries: 5, random: &random, dimensions: 8)
  }

  @Test func lockFilesThatWereLeftBehindLockNothing() throws {
    let path = directory.file("store.seam")
    let model = try fill(path)
    // Whatever a dead process, another release or an editor left in them.
    let files = PosixFileSystem()
    for (name, bytes) in [
      ("writer.lock", Array("99999\n".utf8)), ("lock.mdb", [UInt8](repeating: 0xAB, count: 8_192)),
    ] {
      let file = try files.createFile("\(path)/\(name)", truncating: true)
      try bytes.withRawBytes { raw throws(StoreError) in try file.append(raw) }
      try file.close()
    }
    let store = try Store.open(at: FilePath(path), options: StoreFixture.options())
    defer { store.close() }
    try check(store, model)
    #expect(try store.collection("things").delete(ids: [0]) == 1)
  }

  @Test func aReadOnlyMediumIsReadAndRefusesWritersWithARemedy() throws {
    guard let volume = try SmallVolume(at: directory.file("volume"), bytes: 64 << 20) else {
      return
    }
    let path = volume.path + "/store.seam"
    let model = try fill(path)
    try volume.makeReadOnly()
    var options = StoreFixture.options()
    let refusal = #expect(throws: StoreError.self) {
      try Store.open(at: FilePath(path), options: options)
    }
    #expect(refusal?.code == .io, "\(String(describing: refusal))")
    #expect(refusal?.remedy?.isEmpty == false)
    options.readOnly = true
    let store = try Store.open(at: FilePath(path), options: options)
    defer { store.close() }
    try check(store, model)
    let write = #expect(throws: StoreError.self) {
      try store.collection("things").delete(ids: [0])
    }
    #expect(write?.code == .readOnly)
  }

  @Test func aNetworkFileSystemIsRefusedBeforeAnythingIsLocked() throws {
    let path = directory.file("store.seam")
    let model = try fill(path)
    let files = FaultInjectingFileSystem()
    files.reportNetwork("nfs")
    for readOnly in [false, true] {
      var options = StoreFixture.options()
      options.readOnly = readOnly
      let error = #expect(throws: StoreError.self) {
        try Store.open(at: FilePath(path), options: options, fileSystem: files)
      }
      #expect(error?.code == .notSupported)
      #expect(error?.message.contains("nfs") == true)
      #expect(error?.remedy?.contains("local disk") == true)
    }
    #expect(!files.calls.contains { $0.hasPrefix("lock") })
    // Nothing is made there, either.
    let new = directory.file("new/deeper.seam")
    #expect(throws: StoreError.self) {
      try Store.open(at: FilePath(new), options: StoreFixture.options(), fileSystem: files)
    }
    #expect(try !PosixFileSystem().exists(directory.file("new")))
    let store = try Store.open(at: FilePath(path), options: StoreFixture.options())
    defer { store.close() }
    try check(store, model)
  }
}
