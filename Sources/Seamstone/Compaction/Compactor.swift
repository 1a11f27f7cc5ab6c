import Logging
import SegmentFiles
import StorageIO
import VectorIndexes
import VectorMath

/// Runs seals and merges: asks the policy, builds, and has the writer publish.
///
/// Seals and merges each have a lane, a lock that one job at a time holds; a long merge therefore
/// never delays a seal, and only one seal at a time moves the watermark. Any thread may run a job:
/// the store's own background threads, or a caller of `compact()`.
final class Compactor: Sendable {
  enum Lane: Sendable, CaseIterable { case seal, merge }

  private let core: StoreCore
  private let policy: CompactionPolicy
  // How many jobs each lane has run. (A lock around nothing would have the address of what follows
  // it, and the thread sanitizer would see a race there.)
  private let sealLane = ConditionLock(0)
  private let mergeLane = ConditionLock(0)
  /// Segments that were published flat because their graph failed the self-check. Kept in memory: after
  /// a restart the graph is tried once more.
  private let refused = ConditionLock<Set<UInt64>>([])
  private let conversionFailures: ConversionFailures

  init(core: StoreCore) {
    self.core = core
    policy = CompactionPolicy(limits: core.options.compaction)
    conversionFailures = ConversionFailures(core: core)
  }

  /// Runs the job of `lane` that is due for a collection; answers whether there was one. With
  /// `boundary`, only for the vectors up to that DocID. `stop` ends it with `cancelled`.
  func runNext(
    _ lane: Lane, collection number: UInt32, isIdle: Bool, through boundary: UInt64 = .max,
    stop: StopRequest? = nil
  ) throws(StoreError) -> Bool {
    switch lane {
    case .seal:
      try locked(sealLane, stop) { () throws(StoreError) in
        guard let input = input(number, isIdle: isIdle, through: boundary),
          policy.sealJob(input) != nil
        else { return false }
        return try seal(number, stop)
      }
    case .merge:
      try locked(mergeLane, stop) { () throws(StoreError) in
        guard let input = input(number, isIdle: isIdle, through: boundary),
          let job = policy.mergeJob(input)
        else {
          try endBuild(number)
          return false
        }
        _ = try run(job, number, stop)
        return true
      }
    }
  }

  /// The newest DocID of a collection. Whoever waits for an index at rest waits for the vectors up to
  /// here: under steady writes there is no end otherwise.
  func boundary(_ number: UInt32) -> UInt64 {
    (core.states.current.collections[number]?.counters.nextDocID ?? 1) - 1
  }

  /// Runs jobs until the policy finds none for the vectors there are now, as if the collection were
  /// idle. `full` merges them into one segment, the tail included.
  ///
  /// Property indexes come last: an object that is damaged stops them, and nothing else. `stop` ends it with
  /// `cancelled`; the segments that are finished stay.
  func settle(
    _ number: UInt32, full: Bool, stop: StopRequest? = nil
  ) throws(StoreError) {
    try settleSegments(number, full: full, stop)
    try PropertyIndexWork(core: core).finish(number, stop: stop)
  }

  private func settleSegments(
    _ number: UInt32, full: Bool, _ stop: StopRequest?
  ) throws(StoreError) {
    let boundary = boundary(number)
    if full { try sealNow(number, stop) }
    var isDone = false
    while !isDone {
      if core.isClosing { throw StoreError.storeClosed }
      let sealed = try runNext(
        .seal, collection: number, isIdle: true, through: boundary, stop: stop)
      let merged = try runNext(
        .merge, collection: number, isIdle: true, through: boundary, stop: stop)
      isDone = !sealed && !merged
    }
    guard full else { return }
    // A job that became useless on the way has left the work undone.
    while !(try mergeFully(number, through: boundary, stop)) {}
  }

  /// Merges everything up to `boundary` into one segment; answers whether that is so now.
  private func mergeFully(
    _ number: UInt32, through boundary: UInt64, _ stop: StopRequest?
  ) throws(StoreError) -> Bool {
    try locked(mergeLane, stop) { () throws(StoreError) in
      guard let input = input(number, isIdle: true, through: boundary),
        let job = policy.fullJob(input)
      else { return true }
      return try run(job, number, stop)
    }
  }

  /// Notes that an index that is built once is built, where that is so and nobody has noted it.
  private func endBuild(_ number: UInt32) throws(StoreError) {
    guard let collection = core.states.current.collections[number],
      collection.indexStage == .building, collection.tail.rowCount == 0
    else { return }
    try core.writer.perform { (context) throws(StoreError) in try context.endBuild(number) }
  }

  /// Seals the tail whatever its size is; answers whether there was one.
  @discardableResult
  func sealNow(_ number: UInt32, _ stop: StopRequest? = nil) throws(StoreError) -> Bool {
    try locked(sealLane, stop) { () throws(StoreError) in try seal(number, stop) }
  }

  /// Returns when no job runs.
  func waitForJobs() {
    sealLane.withLock { _ in }
    mergeLane.withLock { _ in }
  }

  // MARK: - Jobs

  private func seal(_ number: UInt32, _ stop: StopRequest?) throws(StoreError) -> Bool {
    guard let collection = core.states.current.collections[number],
      let last = collection.tail.lastDocID
    else { return false }
    let job = SegmentJob(
      core: core, collection: collection, interval: (collection.manifest.watermark + 1)...last,
      replaced: [], isSeal: true,
      // Seals are quick, so that writers never wait long; a graph is built by the merge that follows.
      asGraph: false, encoding: sealEncoding(collection), transform: sealTransform(collection),
      base: nil, stop: stop)
    _ = try execute(job, number, phase: .sealing)
    return true
  }

  private func plan(_ collection: CollectionState) -> EncodingPlan {
    collection.configuration.encodingPlan(
      dimensions: collection.configuration.dimensions ?? 0)
  }

  private func transform(_ collection: CollectionState) -> TransformPlan {
    collection.configuration.transformPlan(dimensions: collection.configuration.dimensions)
  }

  /// As `sealEncoding`: a transform is trained as well.
  private func sealTransform(_ collection: CollectionState) -> TransformPlan {
    core.activity.isBulkLoading(collection.number) ? .none : transform(collection)
  }

  /// While a bulk import runs, a codebook would be trained for every seal, and again for the merge of them
  /// all that follows.
  private func sealEncoding(_ collection: CollectionState) -> EncodingPlan {
    let plan = plan(collection)
    return core.activity.isBulkLoading(collection.number) && plan.leastRows > 0 ? .int8 : plan
  }

  /// Runs a job; false if it was given up because nobody wants it any more.
  private func run(
    _ job: CompactionJob, _ number: UInt32, _ stop: StopRequest?
  ) throws(StoreError) -> Bool {
    guard let collection = core.states.current.collections[number] else { return true }
    switch job {
    case .seal: _ = try seal(number, stop)
    case .drop(let segments):
      try core.writer.perform { (context) throws(StoreError) in
        try context.drop(segments: segments, from: number)
      }
    case .merge(let numbers, let asGraph):
      let views = collection.segments.filter { numbers.contains($0.entry.number) }
      guard let first = views.first, let last = views.last else { return true }
      let base = asGraph ? largestGraph(views) : nil
      let wasMissing = views.contains { $0.handle == nil }
      let job = SegmentJob(
        core: core, collection: collection,
        interval: first.entry.firstDocID...last.entry.lastDocID,
        replaced: views.map(\.entry.number), isSeal: false, asGraph: asGraph,
        encoding: plan(collection), transform: transform(collection), base: base, stop: stop)
      let converts = views.contains { $0.isOutdated(for: collection.configuration) }
      return try execute(
        job, number, phase: converts ? .converting : .merging, rebuilds: wasMissing)
    }
    return true
  }

  /// As `build`, counting failures: a conversion that refuses writes must not fail for ever.
  private func execute(
    _ job: SegmentJob, _ number: UInt32, phase: IndexingProgress.Phase, rebuilds: Bool = false
  ) throws(StoreError) -> Bool {
    report(number, phase, 0)
    defer { reportEnd(number, phase) }
    do throws(StoreError) {
      let isDone = try complete(job, number, phase, rebuilds: rebuilds)
      if phase == .converting { conversionFailures.didSucceed(number) }
      return isDone
    } catch {
      conversionFailures.didFail(job.collection, error, isConverting: phase == .converting)
      throw error
    }
  }

  private func complete(
    _ job: SegmentJob, _ number: UInt32, _ phase: IndexingProgress.Phase, rebuilds: Bool
  ) throws(StoreError) -> Bool {
    let name = job.collection.name
    let built: FinishedSegment
    do throws(StoreError) {
      built = try job.build { [self] in report(number, phase, $0) }
    } catch {
      // Nobody wants the segment any more: not a failure, and the next look finds what is wanted now.
      if job.isObsolete, !core.isClosing { return false }
      throw error
    }
    do throws(StoreError) {
      try core.writer.perform { (context) throws(StoreError) in
        try context.publish(built, in: number)
      }
    } catch {
      // When the outcome is unknown the manifest may name it: the next open will see.
      if error.code != .outcomeUnknown { built.segment?.handle.retire() }
      // Somebody else did the work, or the collection is gone: not a failure of this job.
      if error == .jobOvertaken || job.isObsolete && !core.isClosing { return false }
      throw error
    }
    core.residency.refresh(core.states)
    guard let segment = built.segment else { return true }
    let rows = segment.entry.rowCount
    core.events.emit(
      StoreEvent(
        kind: rebuilds ? .segmentRebuilt : .segmentPublished, collection: name,
        segment: segment.entry.number,
        message: "\(rows) vectors, \(segment.handle.index.kind.name)"))
    if segment.handle.index.standsInForCodes {
      core.events.emit(
        StoreEvent(
          kind: .publishedUncompressed, collection: name, segment: segment.entry.number,
          message: "int8 codes cannot tell its vectors apart; it is stored as float32 instead"))
    }
    if job.asGraph, !segment.handle.index.hasGraph {
      refused.withLock { _ = $0.insert(segment.entry.number) }
      core.events.emit(
        StoreEvent(
          kind: .publishedFlat, collection: name, segment: segment.entry.number,
          message: "The index failed its self-check twice; the segment is scanned instead: "
            + built.findings.joined(separator: "; ")))
    }
    return true
  }

  private func largestGraph(_ views: [SegmentView]) -> SegmentIndex? {
    let graphs = views.filter { $0.handle?.index.walksGraph == true }
    guard let view = graphs.max(by: { $0.liveCount < $1.liveCount }), let handle = view.handle
    else { return nil }
    // What is taken over gets new checksums, so the old ones are looked at first, and not through the mapping.
    let number = view.entry.number
    let findings = try? SegmentVerifier(isCancelled: { [core] in core.isClosing })
      .verify(
        fileSystem: core.fileSystem, path: core.segmentPath(number), number: number, deep: true)
    return findings?.isEmpty == true ? handle.index : nil
  }

  // MARK: - What the policy looks at

  /// The metadata of a collection, as far as it concerns the vectors up to `boundary`; nil when the
  /// collection is gone.
  func input(_ number: UInt32, isIdle: Bool, through boundary: UInt64 = .max) -> CompactionInput? {
    guard let collection = core.states.current.collections[number] else { return nil }
    let configuration = collection.configuration
    let refused = refused.withLock { $0 }
    let segments = collection.segments.filter { $0.entry.firstDocID <= boundary }.map { view in
      CompactionInput.Segment(
        number: view.entry.number, rows: Int(view.entry.rowCount),
        deletedRows: view.deleted?.count ?? 0, hasGraph: view.handle?.index.hasGraph ?? false,
        refusesGraph: refused.contains(view.entry.number),
        isMissing: view.handle == nil,
        isOutdated: view.isOutdated(for: configuration))
    }
    let tailRows = collection.manifest.watermark < boundary ? collection.tail.rowCount : 0
    return CompactionInput(
      segments: segments, tailRows: tailRows,
      tailBytes: tailRows * TailShape(configuration).bytesPerRow,
      wantsGraph: configuration.wantsGraph && core.options.canIndex(configuration.index)
        && (collection.indexStage == nil || collection.isFrozen),
      graphRows: configuration.graphRows,
      isFrozen: collection.isFrozen, isBulkLoading: core.activity.isBulkLoading(number),
      isIdle: isIdle)
  }

  /// Whether neither lane would do anything if the collection were idle.
  func isAtRest(_ number: UInt32) -> Bool {
    guard let input = input(number, isIdle: true) else { return true }
    return policy.sealJob(input) == nil && policy.mergeJob(input) == nil
  }

  private func report(_ number: UInt32, _ phase: IndexingProgress.Phase, _ fraction: Double) {
    core.progress.report(phase.lane, number, progress(number, phase, fraction))
  }

  private func reportEnd(_ number: UInt32, _ phase: IndexingProgress.Phase) {
    core.progress.end(phase.lane, number, progress(number, .idle, 1))
  }

  private func progress(
    _ number: UInt32, _ phase: IndexingProgress.Phase, _ fraction: Double
  ) -> IndexingProgress {
    let collection = core.states.current.collections[number]
    return IndexingProgress(
      phase: phase, fraction: fraction, tailCount: collection?.tail.liveCount ?? 0,
      segmentCount: collection?.segments.count ?? 0,
      outdatedCount: collection?.outdatedVectorCount ?? 0,
      conversionFailure: collection?.conversion.failure)
  }

  /// Runs a job in its lane. Who waits for the lane can be stopped, too: a job of somebody else may take minutes.
  private func locked<Result>(
    _ lane: ConditionLock<Int>, _ stop: StopRequest?, _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    func run(_ count: inout Int) throws(StoreError) -> Result {
      count += 1
      let result = try body()
      if let stop, stop.isMade { throw StoreError.compactionStopped }
      return result
    }
    guard let stop else { return try lane.withLock(run) }
    guard let result = try lane.withLock(unless: { stop.isMade }, run) else {
      throw StoreError.compactionStopped
    }
    return result
  }
}

extension IndexingProgress.Phase {
  /// The lane that reports it.
  fileprivate var lane: Compactor.Lane { self == .sealing ? .seal : .merge }
}
