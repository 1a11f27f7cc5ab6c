import Logging
import StorageIO
import StoreModel
import Synchronization
import TestSupport
import Testing
import VectorIndexes

@testable import Seamstone

/// What listeners and the log hear of events.
@Suite struct EventTests {
  @Test func aSlowListenerLosesTheOldestEventsAndIsToldHowMany() async {
    let hub = EventHub(logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    let slow = hub.stream()
    let count = EventHub.backlog + 30
    for number in 0..<count {
      hub.emit(StoreEvent(kind: .segmentPublished, segment: UInt64(number), message: ""))
    }
    #expect(hub.droppedCount == 30)
    hub.finish()
    var seen: [UInt64] = []
    for await event in slow { seen.append(event.segment ?? 0) }
    #expect(seen == Array(30..<UInt64(count)))
  }

  @Test func theLogTellsFailuresFromNews() {
    let log = RecordingLog()
    let hub = EventHub(logger: Logger(label: "test", factory: { _ in log }))
    for kind in StoreEvent.Kind.allCases { hub.emit(StoreEvent(kind: kind, message: "m")) }
    let levels = Dictionary(uniqueKeysWithValues: zip(StoreEvent.Kind.allCases, log.levels))
    #expect(levels[.poisoned] == .critical)
    #expect(levels[.jobFailed] == .error)
    #expect(levels[.segmentQuarantined] == .warning)
    #expect(levels[.segmentPublished] == .info)
  }

  /// Both lanes and the opening of a store look after the copies; together they keep to the budget.
  @Test func copiesInMemoryKeepToTheirBudget() throws {
    for round in 0..<6 {
      var options = StoreFixture.options(sealRows: 300, graphRows: 250)
      options.residentBytes = 0
      let bench = try StoreBench(seed: 141, options: options)
      for start in stride(from: 0, to: 900, by: 300) {
        try bench.upsert(start..<(start + 300))
        try bench.store.runBackgroundWork(isIdle: false)
      }
      let graphs = bench.state?.segments.compactMap(\.handle).filter { $0.index.hasGraph } ?? []
      #expect(graphs.count == 3, "\(bench.store.recentEvents)")
      let budget = (graphs.map(\.index.rowBytes).max() ?? 0) * 3 / 2
      let residency = Residency(budget: budget)
      let states = bench.store.core.states
      let ready = Atomic<Int>(0)
      ParallelWork.run(count: 2) { _ in
        // They begin together, or there is nothing to see.
        ready.add(1, ordering: .acquiringAndReleasing)
        let deadline = ContinuousClock.now + .seconds(1)
        while ready.load(ordering: .acquiring) < 2, ContinuousClock.now < deadline {}
        residency.refresh(states)
      }
      let used = graphs.reduce(0) { $0 + $1.index.residentBytes }
      #expect(used > 0 && used <= budget, "round \(round): \(used) of \(budget) bytes")
    }
  }
}

/// Keeps the levels of what is logged.
private struct RecordingLog: LogHandler {
  private let seen = ConditionLock<[Logger.Level]>([])
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  var levels: [Logger.Level] { seen.withLock { $0 } }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { seen.withLock { $0.append(event.level) } }
}
