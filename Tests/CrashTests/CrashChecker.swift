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
  private(set) var recall = Recall()

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

  /// Checks what a killed process left behind.
  mutating func check(random: inout SeededGenerator) throws {
    var options = StoreFixture.options()
    options.verification = Bool.random(using: &random) ? .full : .quick
    let store = try Store.open(at: FilePath(path), options: options)
    defer { store.close() }
    if let event = store.recentEvents.first(where: { $0.kind == .segmentQuarantined }) {
      throw ModelMismatch("a kill damaged a published segment: \(event)")
    }
    for writer in 0..<CrashWorkload.writers { try check(writer, store, &random) }
    try checkFiles(store)
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
      recall += try ModelComparison(try store.collection(name), models[writer])
        .checkAll(queries: 5, random: &random, dimensions: CrashWorkload.dimensions)
    } catch {
      throw ModelMismatch("\(name) after batch \(survived): \(error)")
    }
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
