import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

@Suite("Index kinds of one's own") struct CustomKindTests {
  /// A kind that does what a test says.
  struct Scripted: CustomIndexKind {
    var name = "tests.Scripted"
    var refusal: [String] = []
    var onBuild: @Sendable (CustomIndexInput) throws -> [UInt8] = { _ in [1, 2, 3] }
    var onOpen: @Sendable (CustomIndexBytes) throws -> Void = { _ in }
    var answer: @Sendable (Int, (Int) -> Bool) -> [Int] = { count, _ in Array(0..<count) }

    func problems(
      metric: Metric, dimensions: Int?, settings: [String: PropertyValue]
    ) -> [String] { refusal }

    func build(_ input: CustomIndexInput) throws -> [UInt8] { try onBuild(input) }

    func open(_ bytes: CustomIndexBytes, shape: CustomIndexShape) throws -> any CustomIndex {
      try onOpen(bytes)
      return Index(count: shape.count, answer: answer)
    }

    struct Index: CustomIndex {
      let count: Int
      let answer: @Sendable (Int, (Int) -> Bool) -> [Int]

      func candidates(
        near vector: [Float], limit: Int, ef: Int, isAllowed: (Int) -> Bool
      ) -> [Int] { answer(count, isAllowed) }
    }
  }

  private func options(_ kinds: [any CustomIndexKind]) -> StoreOptions {
    var options = StoreFixture.options(sealRows: 50, graphRows: 100)
    options.indexKinds = kinds
    return options
  }

  private func store(_ kind: Scripted, _ encoding: VectorEncoding? = nil) throws -> EncodedStore {
    try EncodedStore(
      encoding, index: .custom(kind.name, settings: ["a": .int(1)]), options: options([kind]))
  }

  @Test("its rows, vectors and settings are those of the segment")
  func seesTheSegment() throws {
    let seen = ConditionLock<[(Int, [Float])]>([])
    var kind = Scripted()
    kind.onBuild = { input in
      seen.withLock { seen in
        seen = (0..<input.shape.count).map { ($0, Array(input.vector($0))) }
      }
      #expect(input.shape.settings == ["a": .int(1)] && input.shape.dimensions == 32)
      return [7]
    }
    kind.onOpen = { bytes in
      #expect(bytes.count == 1 && bytes.number(at: 0, as: UInt8.self) == 7)
      #expect(bytes.number(at: 1, as: UInt8.self) == nil && bytes.floats(at: 0, count: 1) == nil)
      #expect(
        bytes.number(at: -1, as: UInt8.self) == nil && bytes.floats(at: 0, count: .max) == nil)
    }
    let store = try store(kind)
    try store.write(0..<150)
    try store.delete(0..<10)
    try store.collection.compact(full: true)
    #expect(try store.statistics().segments.map(\.kind) == [kind.name])
    let rows = seen.withLock { $0 }
    #expect(rows.count == 140 && rows.map(\.0) == Array(0..<140))
    #expect(rows.map(\.1) == (10..<150).map { store.vectors[$0] })
    #expect(try store.recall() > 0.99)
  }

  @Test("rows that are none, repeated or not allowed are passed over, and too few are made up for")
  func survivesAnyAnswer() throws {
    let answers: [@Sendable (Int, (Int) -> Bool) -> [Int]] = [
      { _, _ in [] }, { _, _ in [-1, .max, .min, 5, 5, 5] },
      { count, _ in (0..<count).flatMap { [$0, $0] } },
      { count, isAllowed in (-3..<count + 3).filter { isAllowed($0) } },
    ]
    for answer in answers {
      var kind = Scripted()
      let isChecked = ConditionLock(false)
      // The self-check wants to be convinced first.
      kind.answer = { count, isAllowed in
        isChecked.withLock { $0 } ? answer(count, isAllowed) : Array(0..<count)
      }
      let store = try store(kind)
      try store.write(0..<150)
      try store.collection.compact(full: true)
      isChecked.withLock { $0 = true }
      try store.delete(0..<20)
      #expect(try store.recall(5) > 0.99)
      let hits = try store.collection.search(
        near: store.vector(), limit: 20, where: StoreFixture.filter(n: 3))
      #expect(hits.count == 20 && hits.allSatisfy { $0.object.properties["n"] == .int(3) })
    }
  }

  @Test("an index that finds nothing is not published")
  func isChecked() throws {
    var kind = Scripted()
    kind.answer = { _, _ in [0] }
    let store = try store(kind)
    try store.write(0..<150)
    try store.collection.compact(full: true)
    #expect(try store.statistics().segments.map(\.kind) == ["flat"])
    #expect(try store.recall() > 0.99)
  }

  @Test("a build that throws is a failed job; the vectors answer meanwhile")
  func buildFails() throws {
    struct Unwilling: Error {}
    var kind = Scripted()
    kind.onBuild = { _ in throw Unwilling() }
    let store = try store(kind)
    try store.write(0..<150)
    do throws(StoreError) {
      try store.collection.compact(full: true)
      Issue.record("it was built")
    } catch {
      #expect(error.message.contains(kind.name) && error.cause?.contains("Unwilling") == true)
    }
    #expect(try store.recall() > 0.99)
  }

  @Test("a store whose kind is not registered opens, says so, and compares every vector")
  func isMissing() throws {
    let kind = Scripted()
    let store = try store(kind)
    try store.write(0..<150)
    try store.collection.compact(full: true)
    try store.reopen(options: options([]))
    let statistics = try store.statistics()
    #expect(
      statistics.missingIndexKind == kind.name && statistics.segments.map(\.kind) == [kind.name])
    #expect(try store.recall() > 0.99)
    try store.write(150..<300)
    try store.collection.compact()
    #expect(try store.recall() > 0.99)
    #expect(try store.statistics().segments.allSatisfy { [kind.name, "flat"].contains($0.kind) })
    try store.reopen(options: options([kind]))
    #expect(try store.statistics().missingIndexKind == nil)
    try store.collection.compact(full: true)
    #expect(try store.statistics().segments.map(\.kind) == [kind.name])
  }

  @Test("bytes that it cannot open are a damaged segment, which is built again")
  func cannotOpen() throws {
    struct Strange: Error {}
    let kind = Scripted()
    let store = try store(kind)
    try store.write(0..<150)
    try store.collection.compact(full: true)
    var other = kind
    let isStrict = ConditionLock(true)
    other.onOpen = { _ in if isStrict.withLock({ $0 }) { throw Strange() } }
    try store.reopen(options: options([other]))
    #expect(try store.statistics().segments.map(\.kind) == ["missing"])
    #expect(try store.recall() > 0.99)
    isStrict.withLock { $0 = false }
    try store.store.runBackgroundWork()
    #expect(try store.statistics().segments.map(\.kind) == [kind.name])
  }

  @Test("names and settings are checked")
  func refuses() throws {
    let directory = try TemporaryDirectory()
    for kinds in [
      [Scripted(name: "hnsw")], [Scripted(name: "")], [Scripted(), Scripted()],
      [Scripted(name: String(repeating: "x", count: 256))],
    ] {
      #expect(throws: StoreError.self) {
        try Store.open(at: directory.file("a.seam"), options: options(kinds))
      }
    }
    let willing = Scripted(name: "tests.Willing")
    let unwilling = Scripted(name: "tests.Unwilling", refusal: ["it is Sunday"])
    let store = try Store.open(
      at: directory.file("b.seam"), options: options([willing, unwilling]))
    defer { store.close() }
    for (name, text) in [("tests.Wiling", "tests.Willing"), ("tests.Unwilling", "it is Sunday")] {
      do throws(StoreError) {
        _ = try store.createCollection("c", .init(index: .custom(name)))
        Issue.record("\(name) was accepted")
      } catch {
        #expect(error.code == .invalidConfiguration && error.description.contains(text))
      }
    }
    let collection = try store.createCollection("c", .init(index: .custom("tests.Willing")))
    #expect(throws: StoreError.self) { try collection.reconfigure(index: .custom("tests.Other")) }
    try collection.reconfigure(index: .flat)
  }

  @Test("configurations name it in JSON and give it back")
  func isCoded() throws {
    let configuration = CollectionConfiguration(
      dimensions: 4, index: .custom("tests.Scripted", settings: ["depth": .int(3)]))
    let text = try PropertyEncoder().encode(configuration)
    #expect(try PropertyDecoder().decode(CollectionConfiguration.self, from: text) == configuration)
  }
}
