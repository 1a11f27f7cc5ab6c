import Seamstone
import StorageIO
import Synchronization

/// Asks the same queries over and over for some seconds, on some threads, and takes the time of each.
struct SpeedTest {
  let collection: Collection
  let queries: [VectorValue]
  let limit: Int
  let ef: Int
  let threads: Int
  let seconds: Double

  private struct Share: Sendable {
    var latencies: [UInt32] = []
    var queriesPerSecond = 0.0
  }

  /// One pass to warm up, whose answers are kept, then the measured time.
  func run() throws -> Measurement {
    var answers: [[ObjectID]] = []
    answers.reserveCapacity(queries.count)
    for query in queries {
      answers.append(
        try collection.searchIDs(near: query, limit: limit, ef: ef).map(\.id))
    }
    let shares = try threads == 1 ? [measure(from: 0)] : inParallel()
    var latencies = shares.flatMap(\.latencies)
    latencies.sort()
    return Measurement(
      ef: ef, count: latencies.count,
      queriesPerSecond: shares.reduce(0) { $0 + $1.queriesPerSecond }, latencies: latencies,
      answers: answers)
  }

  private func inParallel() throws -> [Share] {
    let results = Mutex<[Result<Share, StoreError>]>([])
    var running: [PosixThread] = []
    for number in 0..<threads {
      running.append(
        try PosixThread.start(name: "seam-bench-\(number)", stackSize: 4 << 20) {
          let start = number * queries.count / threads
          let result = Result { () throws(StoreError) in try measure(from: start) }
          results.withLock { $0.append(result) }
        })
    }
    for thread in running { thread.join() }
    return try results.withLock { $0 }.map { try $0.get() }
  }

  /// Asks queries from `first` on, round and round, until the time is over.
  private func measure(from first: Int) throws(StoreError) -> Share {
    var share = Share()
    share.latencies.reserveCapacity(1 << 16)
    let start = Clock.now()
    let deadline = start &+ UInt64(seconds * 1e9)
    var before = start
    var index = first
    while before < deadline {
      _ = try collection.searchIDs(near: queries[index], limit: limit, ef: ef)
      let after = Clock.now()
      share.latencies.append(UInt32(clamping: after &- before))
      before = after
      index = index + 1 == queries.count ? 0 : index + 1
    }
    share.queriesPerSecond = Double(share.latencies.count) / (Double(before &- start) / 1e9)
    return share
  }
}
