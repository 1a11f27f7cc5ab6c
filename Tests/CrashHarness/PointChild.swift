import Seamstone
import StoreModel

/// Writes the batches of both writers in turn, with seals and merges between them, all on one thread, so that calls to
/// the system come in an order that tells what the store is at; for ever.
struct PointChild {
  let path: String
  let oracle: CrashOracle
  let workload: CrashWorkload

  init(path: String, oraclePath: String, seed: UInt64) throws {
    self.path = path
    oracle = try CrashOracle(path: oraclePath)
    workload = CrashWorkload(seed: seed)
  }

  func run() throws {
    while true {
      let store = try Store.open(at: FilePath(path), options: StoreFixture.graphOptions())
      defer { store.close() }
      oracle.opened += 1
      try CrashWorkload.createCollections(in: store)
      for _ in 0..<12 {
        for writer in 0..<CrashWorkload.writers { try write(writer, to: store) }
      }
    }
  }

  private func write(_ writer: Int, to store: Store) throws {
    let number = oracle.acknowledged(writer) + 1
    oracle.start(number, writer: writer)
    try workload.apply(workload.batch(number, writer: writer), writer: writer, to: store)
    oracle.acknowledge(number, writer: writer)
    try store.runBackgroundWork(isIdle: number % 3 == 0)
    if number % 5 == 0 {
      try store.collection(CrashWorkload.collectionName(writer)).compact(full: true)
    }
  }
}
