import Seamstone
import StoreModel
import Synchronization
import TestSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What goes on beside the writers of a crash run: one thread that converts the collections, one that searches
/// them.
final class ConversionLoad: Sendable {
  private let store: Store
  private let oracle: CrashOracle
  private let isStopped = Atomic<Bool>(false)
  /// Every sixth conversion is overtaken by the next one.
  private static let patience = 400

  init(store: Store, oracle: CrashOracle) {
    self.store = store
    self.oracle = oracle
  }

  func stop() { isStopped.store(true, ordering: .releasing) }

  private var isRunning: Bool { !isStopped.load(ordering: .acquiring) }

  /// Asks for one conversion after the other, of one collection and then of the next.
  func convert() throws {
    while isRunning {
      for writer in 0..<CrashWorkload.writers where isRunning { try convert(writer) }
    }
  }

  private func convert(_ writer: Int) throws {
    let collection = try store.collection(CrashWorkload.collectionName(writer))
    // Training needs vectors.
    guard try collection.count() >= 1_500 else { return idle(5) }
    let number = oracle.startedConversion(writer) + 1
    oracle.startConversion(number, writer: writer)
    try CrashConversion.begin(number, of: collection)
    oracle.acknowledgeConversion(number, writer: writer)
    for _ in 0..<(number % 6 == 5 ? 10 : Self.patience) where isRunning {
      idle(5)
      let figures = try store.statistics().collections.first { $0.name == collection.name }
      if let reason = figures?.lastConversionError { throw ModelMismatch(reason) }
      guard figures?.outdated == 0 else { continue }
      oracle.finishedConversions += 1
      return
    }
  }

  /// Searches both collections: never an error, never too few results.
  func search() throws {
    var random = SeededGenerator(seed: oracle.opened)
    while isRunning {
      for writer in 0..<CrashWorkload.writers {
        let collection = try store.collection(CrashWorkload.collectionName(writer))
        let query = VectorMaker.vector(
          CrashWorkload.dimensions, metric: CrashWorkload.metrics[writer], using: &random)
        // The first batches are never deleted as a whole.
        let expected = min(10, try collection.count())
        let found = try collection.search(near: query, limit: 10, ef: 64).count
        guard found >= min(expected, 10) || expected < 10 else {
          throw ModelMismatch("\(found) results of \(collection.name)")
        }
      }
      idle(2)
    }
  }

  private func idle(_ milliseconds: UInt32) { usleep(milliseconds * 1_000) }
}
