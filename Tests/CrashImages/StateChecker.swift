import Seamstone
import StorageIO
import StoreModel
import TestSupport

/// Compares a store with the states that it may be in.
struct StateChecker {
  let store: Store
  var random: SeededGenerator
  private(set) var recall = BeamRecall()

  init(_ store: Store, seed: UInt64) {
    self.store = store
    random = SeededGenerator(seed: seed)
  }

  /// Which of the states, numbers of `script.states`, the store is in; throws `ModelMismatch` if in none.
  mutating func find(_ numbers: [Int], of script: CrashScript) throws -> Int {
    var problems: [String] = []
    for number in numbers {
      do {
        try check(script.states[number])
        return number
      } catch let mismatch as ModelMismatch {
        problems.append("not the state after \(Self.name(number, script)): \(mismatch)")
      }
    }
    throw ModelMismatch(problems.joined(separator: "; "))
  }

  private static func name(_ number: Int, _ script: CrashScript) -> String {
    number == 0 ? "nothing" : "step \(number) (\(script.steps[number - 1]))"
  }

  /// Throws unless the store holds exactly this.
  mutating func check(_ state: ExpectedState) throws {
    let names = try store.collectionNames()
    guard names == state.collections.keys.sorted() else {
      throw ModelMismatch(
        "the collections are \(names), expected \(state.collections.keys.sorted())")
    }
    // The journal tells most states apart at once.
    for name in names.sorted(by: { ($0 != "journal" ? 1 : 0, $0) < ($1 != "journal" ? 1 : 0, $1) })
    {
      guard let expected = state.collections[name] else { continue }
      do {
        try check(try store.collection(name), expected)
      } catch let mismatch as ModelMismatch {
        throw ModelMismatch("\(name): \(mismatch)")
      }
    }
  }

  private mutating func check(
    _ collection: Collection, _ expected: ExpectedState.Expectation
  ) throws {
    let configuration = try collection.configuration()
    guard configuration == expected.configuration else {
      throw ModelMismatch("configured as \(configuration), expected \(expected.configuration)")
    }
    let isIndexed = try collection.propertyIndexes.contains { $0.isComplete }
    guard isIndexed == expected.isIndexed else {
      throw ModelMismatch(isIndexed ? "has a property index" : "has no complete property index")
    }
    let comparison = ModelComparison(collection, expected.model)
    try comparison.checkObjects()
    guard let dimensions = configuration.dimensions, !expected.model.entries.isEmpty else { return }
    let query = VectorMaker.value(
      dimensions, metric: configuration.metric, elementType: configuration.elementType,
      using: &random)
    try comparison.checkExact(query, limit: 10)
    let found = try comparison.recall(query, limit: 10)
    if try isCoarse(collection) { recall.wide += found.wide } else { recall += found }
    try comparison.checkFiltered(query, limit: 5, n: Int.random(in: 0..<9, using: &random))
  }

  /// Whether there are codes of which a narrow beam finds less than of others.
  private func isCoarse(_ collection: Collection) throws -> Bool {
    try collection.statistics().segments.contains { segment in
      ["pq", "binary", "rabitq(1)"].contains { segment.encoding.hasPrefix($0) }
    }
  }

  /// No segment was found damaged (or missing), and only files that a manifest names are left.
  func checkFiles(mayHaveBeenMissing: Bool = false) throws {
    if !mayHaveBeenMissing,
      let event = store.recentEvents.first(where: { $0.kind == .segmentQuarantined })
    {
      throw ModelMismatch("a published segment is damaged: \(event)")
    }
    let path = store.path.string
    let named = try store.statistics().collections.flatMap { $0.segments.map(\.id) }
    let files = PosixFileSystem()
    let segments = try files.list(path + "/segments")
    guard segments.count == named.count else {
      throw ModelMismatch("\(segments) lie there, the manifests name \(named.sorted())")
    }
    let known = ["data.mdb", "lock.mdb", "segments", "writer.lock"]
    if let other = try files.list(path).first(where: { !known.contains($0) }) {
      throw ModelMismatch("\(other) was left behind")
    }
  }

  /// What the store's own verification finds.
  func verify() throws {
    let findings = try store.verify(deep: true).findings
    guard findings.isEmpty else { throw ModelMismatch("verify finds \(findings)") }
  }
}
