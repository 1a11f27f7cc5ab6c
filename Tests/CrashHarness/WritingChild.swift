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

  init(path: String, oraclePath: String, seed: UInt64) throws {
    self.path = path
    oracle = try CrashOracle(path: oraclePath)
    workload = CrashWorkload(seed: seed)
  }

  func run() throws {
    var random = SeededGenerator(seed: oracle.started(0) &+ oracle.opened &* 77)
    while true {
      let store = try Store.open(
        at: FilePath(path), options: StoreFixture.graphOptions(manual: false))
      oracle.opened += 1
      for writer in 0..<CrashWorkload.writers {
        _ = try store.collection(
          CrashWorkload.collectionName(writer), CrashWorkload.configuration(writer))
      }
      _ = try store.collection(
        CrashWorkload.journal, StoreFixture.configuration(dimensions: 4, metric: .dot))
      let count = Int.random(in: 10...60, using: &random)
      let failure = Mutex<String?>(nil)
      var threads: [PosixThread] = []
      for writer in 0..<CrashWorkload.writers {
        threads.append(
          try PosixThread.start(name: "writer-\(writer)", stackSize: 8 << 20) {
            do {
              try write(count, writer: writer, to: store)
            } catch {
              failure.withLock { $0 = "\(error)" }
            }
          })
      }
      for thread in threads { thread.join() }
      if let failure = failure.withLock({ $0 }) { throw ModelMismatch(failure) }
      store.close()
    }
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
