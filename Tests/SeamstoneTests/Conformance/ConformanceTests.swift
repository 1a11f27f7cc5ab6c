import Seamstone
import TestSupport
import Testing

@Suite("Conformance: every kind with every encoding under every metric") struct ConformanceTests {
  @Test(
    "an allowed pair lives a whole life",
    arguments: ConformancePair.allowed + ConformancePair.transformed)
  func lives(_ pair: ConformancePair) throws {
    let run = try ConformanceRun(pair, ConformanceData.shared.get())
    try run.small()
    try run.load()
    try run.check()
    try run.change()
    try run.check()
    try run.filters()
    try run.index()
    try run.check()
    try run.reopen()
    try run.check()
    try run.findsThemselves()
    try run.filters()
    try run.asksForMore()
  }

  @Test("a pair that is not allowed is refused when the collection is made, with the reason")
  func refuses() throws {
    let directory = try TemporaryDirectory()
    var options = StoreOptions()
    options.backgroundWork = .manual
    options.indexKinds = [PlainScan()]
    let store = try Store.open(at: directory.file("r.seam"), options: options)
    defer { store.close() }
    for pair in ConformancePair.refused {
      do throws(StoreError) {
        _ = try store.createCollection("c", pair.configuration)
        Issue.record("\(pair.testDescription) was accepted")
      } catch {
        #expect(error.code == .invalidConfiguration)
        for name in pair.culprits {
          #expect(error.message.contains(name), "\(pair.testDescription), \(name): \(error)")
        }
      }
    }
  }

  @Test("the table holds what the design lists")
  func isComplete() {
    let counts = Dictionary(grouping: ConformancePair.allowed) { $0.kind.rawValue }.mapValues(
      \.count)
    // float32 5, four encodings 4 each, binary and three widths of rabitq 3 each, and packed bits 1, which custom
    // does not take; annoy takes three encodings, hash takes bits alone.
    #expect(
      counts == ["flat": 34, "hnsw": 34, "ivf": 34, "annoy": 13, "hash": 1, "custom": 33])
  }
}
