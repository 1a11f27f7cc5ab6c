import StoreModel
import TestSupport

@testable import Seamstone

/// Keeps the models of a crash run at what must have survived, and compares the store with them.
struct CrashChecker {
  let path: String
  let workload: CrashWorkload
  let oracle: CrashOracle
  private var models: [ModelCollection]
  private var applied: [UInt64]
  /// Of all checks together, and of those right after everything was merged into one graph.
  private(set) var recall = BeamRecall()
  /// What a beam of 400 must find of each store; nil: as much as ever. Product codes of vectors this short cost more
  /// than any kill does.
  var floor: Double?
  private(set) var graphRecall = BeamRecall()
  /// The most rows that a graph had at a check.
  private(set) var largestGraph = 0

  init(path: String, oracle: CrashOracle, seed: UInt64) {
    self.path = path
    self.oracle = oracle
    workload = CrashWorkload(seed: seed)
    models = (0..<CrashWorkload.writers).map {
      ModelCollection(metric: CrashWorkload.metrics[$0 % CrashWorkload.metrics.count])
    }
    applied = [UInt64](repeating: 0, count: CrashWorkload.writers)
  }

  /// How many batches are there.
  var batchCount: UInt64 { applied.reduce(0, +) }

  /// Checks what a killed process left behind; then, if `compacting`, that it can be merged into one
  /// graph, which is what the next process finds. Answers whether a conversion was left unfinished.
  @discardableResult
  mutating func check(random: inout SeededGenerator, compacting: Bool) throws -> Bool {
    var options = StoreFixture.graphOptions()
    options.verification = Bool.random(using: &random) ? .full : .quick
    let store = try Store.open(at: FilePath(path), options: options)
    defer { store.close() }
    if let event = store.recentEvents.first(where: { $0.kind == .segmentQuarantined }) {
      throw ModelMismatch("a kill damaged a published segment: \(event)")
    }
    for writer in 0..<CrashWorkload.writers { try check(writer, store, &random) }
    try checkFiles(store)
    noteGraphs(store)
    let isConverting = try store.statistics().collections.contains { $0.outdated > 0 }
    if compacting { try compact(store, &random) }
    return isConverting
  }

  /// What is left of a conversion goes on by itself when the store is opened, and ends, while searches are
  /// answered.
  mutating func checkThatConversionsEnd(random: inout SeededGenerator) throws {
    let store = try Store.open(
      at: FilePath(path), options: StoreFixture.graphOptions(manual: false))
    defer { store.close() }
    let end = ContinuousClock.now + .seconds(120)
    var isDone = false
    while !isDone {
      guard ContinuousClock.now < end else { throw ModelMismatch("a conversion does not end") }
      let figures = try store.statistics().collections.filter { $0.name != CrashWorkload.journal }
      isDone = figures.allSatisfy { $0.outdated == 0 && $0.status == "READY" }
      for writer in 0..<figures.count { try check(writer, store, &random) }
      if let reason = figures.compactMap(\.lastConversionError).first {
        throw ModelMismatch(reason)
      }
    }
    if let event = store.recentEvents.first(where: { $0.kind == .jobFailed }) {
      throw ModelMismatch("a job failed: \(event)")
    }
  }

  /// A collection is configured as it was last asked to be: what returned is not lost.
  private func checkConfiguration(_ writer: Int, _ collection: Collection) throws {
    let acknowledged = oracle.acknowledgedConversion(writer)
    let started = oracle.startedConversion(writer)
    guard started > 0 else { return }
    for number in Set([started, acknowledged])
    where try CrashConversion.isConfigured(collection, as: number) {
      oracle.startConversion(number, writer: writer)
      oracle.acknowledgeConversion(number, writer: writer)
      return
    }
    throw ModelMismatch(
      "\(collection.name) is configured as \(try collection.configuration()) after conversion "
        + "\(acknowledged), \(started) was begun")
  }

  private mutating func compact(_ store: Store, _ random: inout SeededGenerator) throws {
    for writer in 0..<CrashWorkload.writers {
      let name = CrashWorkload.collectionName(writer)
      guard try store.collectionNames().contains(name) else { continue }
      let collection = try store.collection(name)
      try collection.compact(full: true)
      do {
        let found = try searches(50, ModelComparison(collection, models[writer]), &random)
        graphRecall += found
        try found.require()
      } catch {
        throw ModelMismatch("\(name) after compaction: \(error)")
      }
    }
    noteGraphs(store)
    try checkFiles(store)
  }

  private mutating func noteGraphs(_ store: Store) {
    for collection in store.core.states.current.collections.values {
      for view in collection.segments where view.handle?.index.hasGraph == true {
        largestGraph = max(largestGraph, Int(view.entry.rowCount))
      }
    }
  }

  private mutating func check(
    _ writer: Int, _ store: Store, _ random: inout SeededGenerator
  ) throws {
    let name = CrashWorkload.collectionName(writer)
    guard try store.collectionNames().contains(name) else {
      guard oracle.acknowledged(writer) == 0 else {
        throw ModelMismatch("the collection \(name) is gone")
      }
      return
    }
    try checkConfiguration(writer, try store.collection(name))
    // Which batches are there must lie between what was acknowledged and what was begun.
    var survived: UInt64 = 0
    if try store.collectionNames().contains(CrashWorkload.journal),
      case .int(let number)? = try store.collection(CrashWorkload.journal)
        .get(.int(Int64(writer)))?.properties["batch"]
    {
      survived = UInt64(number)
    }
    let (acknowledged, started) = (oracle.acknowledged(writer), oracle.started(writer))
    guard acknowledged <= survived, survived <= max(started, acknowledged) else {
      throw ModelMismatch(
        "\(name): batch \(survived) is the last one, \(acknowledged) was acknowledged and "
          + "\(started) begun")
    }
    while applied[writer] < survived {
      applied[writer] += 1
      workload.apply(workload.batch(applied[writer], writer: writer), to: &models[writer])
    }
    oracle.start(survived, writer: writer)
    oracle.acknowledge(survived, writer: writer)
    do {
      let comparison = ModelComparison(try store.collection(name), models[writer])
      try comparison.checkObjects()
      let found = try searches(5, comparison, &random)
      recall += found
      // Of this store, not of all together: one that lost its links must not hide behind others.
      try found.requireWide(floor)
    } catch {
      throw ModelMismatch("\(name) after batch \(survived): \(error)")
    }
  }

  /// That many searches, and some more where these say too little.
  private func searches(
    _ count: Int, _ comparison: ModelComparison<Collection>, _ random: inout SeededGenerator
  ) throws -> BeamRecall {
    let dimensions = CrashWorkload.dimensions
    var found = try comparison.checkSearches(count, random: &random, dimensions: dimensions)
    if found.isDoubtful {
      found += try comparison.checkSearches(200, random: &random, dimensions: dimensions)
    }
    return found
  }

  /// Only files that a manifest names are left.
  private func checkFiles(_ store: Store) throws {
    let named = Set(
      store.core.states.current.collections.values
        .flatMap { $0.manifest.entries.map { StorePaths(path).segment($0.number) } })
    let directory = StorePaths(path).segments
    for name in try store.core.fileSystem.list(directory)
    where !named.contains(directory + "/" + name) {
      throw ModelMismatch("\(name) was left behind")
    }
  }
}
