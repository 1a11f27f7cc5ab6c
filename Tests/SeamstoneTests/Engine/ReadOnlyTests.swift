import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// What must not be changed is not changed, and every call that would says so.
@Suite struct ReadOnlyTests {
  private typealias Call = @Sendable (Store, Collection) throws -> Void
  private static let calls: [(String, Call)] = [
    ("upsert", { try $1.upsert([VectorObject(id: "a", vector: nil, properties: [:])]) }),
    ("upsert one", { try $1.upsert(VectorObject(id: .int(1), vector: nil, properties: [:])) }),
    ("updateProperties", { try $1.updateProperties(of: .int(1), to: ["a": 1]) }),
    ("delete", { try $1.delete(ids: [.int(1)]) }),
    ("delete nothing", { try $1.delete(ids: []) }),
    ("delete where", { try $1.delete(where: StoreFixture.filter(n: 1)) }),
    ("reconfigure", { try $1.reconfigure(index: .flat) }),
    ("createPropertyIndex", { try $1.createPropertyIndex("n") }),
    ("dropPropertyIndex", { try $1.dropPropertyIndex("n") }),
    (
      "bulkLoad",
      { _, collection in
        try collection.bulkLoad {
          try collection.upsert(VectorObject(id: .int(1), vector: nil, properties: [:]))
        }
      }
    ),
    ("typed upsert", { _, collection in try TypedCollection(collection).upsert(Thing.one) }),
    (
      "typed upsert of many",
      { _, collection in try TypedCollection(collection).upsert([Thing.one]) }
    ),
    (
      "typed updateProperties",
      { _, collection in try TypedCollection(collection).updateProperties(of: Thing.one) }
    ),
    (
      "typed delete",
      { _, collection in try TypedCollection<Thing>(collection).delete(ids: [1]) }
    ),
    ("drop", { store, _ in try store.dropCollection("things") }),
    (
      "batch upsert",
      { store, collection in
        try store.write {
          try $0.upsert([VectorObject(id: "a", vector: nil, properties: [:])], into: collection)
        }
      }
    ),
    (
      "batch delete",
      { store, collection in
        try store.write { try $0.delete(ids: [.int(1)], from: collection) }
      }
    ),
    (
      "batch update",
      { store, collection in
        try store.write { try $0.updateProperties(of: .int(1), to: [:], in: collection) }
      }
    ),
  ]

  private struct Thing: VectorRecord {
    var id: Int
    var n: Int
    var vector: [Float]?

    static let one = Thing(id: 1, n: 1, vector: nil)
  }

  private typealias AsyncCall = @Sendable (Collection) async throws -> Void
  private static let asyncCalls: [(String, AsyncCall)] = [
    ("upsert", { try await $0.upsert([VectorObject(id: "a", vector: nil, properties: [:])]) }),
    ("upsert one", { try await $0.upsert(VectorObject(id: "a", vector: nil, properties: [:])) }),
    ("updateProperties", { try await $0.updateProperties(of: .int(1), to: ["a": 1]) }),
    ("delete", { try await $0.delete(ids: [.int(1)]) }),
    ("delete where", { try await $0.delete(where: StoreFixture.filter(n: 1)) }),
    ("createPropertyIndex", { try await $0.createPropertyIndex("n") }),
    ("typed upsert", { try await TypedCollection($0).upsert([Thing.one]) }),
    ("typed upsert one", { try await TypedCollection($0).upsert(Thing.one) }),
    ("typed updateProperties", { try await TypedCollection($0).updateProperties(of: Thing.one) }),
    ("typed delete", { try await TypedCollection<Thing>($0).delete(ids: [1]) }),
    (
      "typed delete where",
      { try await TypedCollection<Thing>($0).delete(where: StoreFixture.filter(n: 1)) }
    ),
    (
      "typed createPropertyIndex",
      { try await TypedCollection<Thing>($0).createPropertyIndex("n") }
    ),
  ]

  @Test(arguments: [false, true])
  func theAsyncFormsRefuseAsTheBlockingOnes(isStore: Bool) async throws {
    let bench = try StoreBench(seed: 24)
    try bench.fill(200)
    if isStore {
      var options = StoreFixture.options()
      options.readOnly = true
      try bench.reopen(options: options)
    } else {
      try bench.collection.setReadOnly(true)
    }
    for (name, call) in Self.asyncCalls {
      let error = await #expect(throws: StoreError.self, "\(name)") {
        try await call(bench.collection)
      }
      #expect(error?.code == .readOnly, "\(name)")
    }
    try bench.check()
  }

  @Test func aReadOnlyCollectionRefusesEveryMutatingCall() throws {
    let bench = try StoreBench(seed: 21)
    try bench.fill(200)
    try bench.collection.setReadOnly(true)
    for round in 0..<2 {
      #expect(try bench.collection.isReadOnly)
      for (name, call) in Self.calls {
        let error = #expect(throws: StoreError.self, "\(name)") {
          try call(bench.store, bench.collection)
        }
        #expect(error?.code == .readOnly, "\(name), round \(round): \(String(describing: error))")
      }
      try bench.check()
      // It survives reopening; the index may still be worked on.
      try bench.reopen()
      try bench.collection.compact(full: true)
      try bench.check()
    }
    #expect(try bench.store.statistics().collections.first?.status == "READONLY")
    // Other collections are not concerned, and it can be undone.
    let other = try bench.store.collection(
      "other", StoreFixture.configuration(dimensions: 3, metric: .dot))
    try other.upsert(VectorObject(id: 1, vector: [1, 2, 3], properties: [:]))
    try bench.collection.setReadOnly(false)
    try bench.upsert(0..<10)
    try bench.check()
  }

  @Test func aBatchWithOneReadOnlyCollectionChangesNothing() throws {
    let bench = try StoreBench(seed: 22)
    let other = try bench.store.collection(
      "other", StoreFixture.configuration(dimensions: 3, metric: .dot))
    try bench.collection.setReadOnly(true)
    let collection = bench.collection
    #expect(throws: StoreError.self) {
      try bench.store.write {
        try $0.upsert([VectorObject(id: 1, vector: [1, 2, 3], properties: [:])], into: other)
        try $0.upsert([VectorObject(id: 1, vector: nil, properties: [:])], into: collection)
      }
    }
    #expect(try other.count() == 0)
  }

  @Test func aReaderStoreRefusesToWriteAndToCompact() throws {
    let bench = try StoreBench(seed: 23)
    try bench.fill(200)
    var options = StoreFixture.options()
    options.readOnly = true
    let before = try bench.files()
    try bench.reopen(options: options)
    for (name, call) in Self.calls {
      let error = #expect(throws: StoreError.self) { try call(bench.store, bench.collection) }
      #expect(error?.code == .readOnly, "\(name)")
    }
    let store = bench.store
    let work: [(String, () throws -> Void)] = [
      ("runBackgroundWork", { try store.runBackgroundWork() }),
      ("compact", { try store.compact(full: true) }),
      ("setReadOnly", { try bench.collection.setReadOnly(true) }),
      ("create", { _ = try store.createCollection("new", .init(dimensions: 3, metric: .dot)) }),
      ("bulkLoad", { try bench.collection.bulkLoad {} }),
    ]
    for (name, call) in work {
      let error = #expect(throws: StoreError.self) { try call() }
      #expect(error?.code == .readOnly, "\(name)")
    }
    try bench.check()
    #expect(try bench.files() == before)
  }
}
