import Seamstone
import StorageIO
import StoreModel
import Synchronization
import TestSupport

/// Writes batches from two threads, with seals and merges in the background, compacts now and then,
/// closes and opens the store again, until it is killed.
struct WritingChild: Sendable {
  let path: String
  let oracle: CrashOracle
  let workload: CrashWorkload
  /// Whether the collections are converted and searched meanwhile.
  let converts: Bool

  init(path: String, oraclePath: String, seed: UInt64, converts: Bool = false) throws {
    self.path = path
    self.converts = converts
    oracle = try CrashOracle(path: oraclePath)
    workload = CrashWorkload(seed: seed)
  }

  func run() throws {
    var random = SeededGenerator(seed: oracle.started(0) &+ oracle.opened &* 77)
    while true {
      let store = try Store.open(
        at: FilePath(path), options: StoreFixture.graphOptions(manual: false))
      oracle.opened += 1
      try CrashWorkload.createCollections(in: store)
      let count = Int.random(in: 10...60, using: &random)
      let failure = Failure()
      func start(
        _ name: String, _ body: @escaping @Sendable () throws -> Void
      ) throws -> PosixThread {
        try PosixThread.start(name: name, stackSize: 8 << 20) {
          do { try body() } catch { failure.note("\(name): \(error)") }
        }
      }
      let load = ConversionLoad(store: store, oracle: oracle)
      var others: [PosixThread] = []
      if converts {
        others.append(try start("converter") { try load.convert() })
        others.append(try start("searcher") { try load.search() })
      }
      var threads: [PosixThread] = []
      for writer in 0..<CrashWorkload.writers {
        threads.append(
          try start("writer-\(writer)") { try write(count, writer: writer, to: store) })
      }
      for thread in threads { thread.join() }
      load.stop()
      for thread in others { thread.join() }
      if let failure = failure.first { throw ModelMismatch(failure) }
      store.close()
    }
  }

  /// What went wrong first on any thread.
  private final class Failure: Sendable {
    private let text = Mutex<String?>(nil)
    var first: String? { text.withLock { $0 } }
    func note(_ message: String) { text.withLock { $0 = $0 ?? message } }
  }

  private func write(_ count: Int, writer: Int, to store: Store) throws {
    let first = oracle.acknowledged(writer) + 1
    for number in first..<(first + UInt64(count)) {
      let batch = workload.batch(number, writer: writer)
      oracle.start(number, writer: writer)
      try workload.apply(batch, writer: writer, to: store)
      oracle.acknowledge(number, writer: writer)
      if number % 23 == 0 {
        try store.collection(CrashWorkload.collectionName(writer)).compact(full: number % 2 == 0)
      }
    }
  }
}
