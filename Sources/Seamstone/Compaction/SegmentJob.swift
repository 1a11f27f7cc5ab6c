import ObjectStorage
import SegmentFiles
import StorageIO
import Synchronization
import VectorIndexes
import VectorMath

/// The one operation that makes every segment: builds one for an interval of DocIDs, from the
/// originals, and leaves the finished file for the writer thread to publish.
struct SegmentJob {
  let core: StoreCore
  let collection: CollectionState
  let interval: ClosedRange<UInt64>
  let replaced: [UInt64]
  let isSeal: Bool
  let asGraph: Bool
  /// How its rows are stored, if it turns out large enough for that.
  let encoding: EncodingPlan
  /// What is done to its vectors first, if it turns out large enough for that.
  let transform: TransformPlan
  /// The segment whose graph may be reused.
  let base: SegmentIndex?
  /// From the caller who waits for it, if one does.
  let stop: StopRequest?

  init(
    core: StoreCore, collection: CollectionState, interval: ClosedRange<UInt64>,
    replaced: [UInt64], isSeal: Bool, asGraph: Bool, encoding: EncodingPlan,
    transform: TransformPlan = .none,
    base: SegmentIndex?, stop: StopRequest? = nil
  ) {
    self.core = core
    self.collection = collection
    self.interval = interval
    self.replaced = replaced
    self.isSeal = isSeal
    self.asGraph = asGraph
    self.encoding = encoding
    self.transform = transform
    self.base = base
    self.stop = stop
  }

  /// Whether going on would be work in vain: the store is being closed, who waits for it was
  /// cancelled, the collection was dropped, or it
  /// is configured to have other segments now. Builds look at it several times a second.
  /// Once it is true it stays so: parts of a build that have stopped do not start again because somebody changed
  /// his mind.
  var isObsolete: Bool {
    if obsolete.isSet.load(ordering: .relaxed) { return true }
    guard isUseless else { return false }
    obsolete.isSet.store(true, ordering: .relaxed)
    return true
  }

  private var isUseless: Bool {
    if core.isClosing || stop?.isMade == true { return true }
    guard let now = core.states.current.collections[collection.number]?.configuration else {
      return true
    }
    return !now.wants(asGraph ? .graph : isSeal ? .sealed : .merged, of: collection.configuration)
  }

  private final class Latch: Sendable { let isSet = Atomic<Bool>(false) }
  private let obsolete = Latch()

  /// Builds the file. The read transaction of the plan is short; so are those of the build.
  func build(
    progress: @escaping @Sendable (Double) -> Void
  ) throws(StoreError) -> FinishedSegment {
    guard let vectors = collection.vectors, let dimensions = collection.configuration.dimensions
    else {
      return FinishedSegment(interval: interval, replaced: replaced, isSeal: isSeal, segment: nil)
    }
    let source = try core.withReadTransaction { (transaction) throws(StoreError) in
      try OriginalSource(
        interval: interval, vectors: vectors, environment: core.environment,
        transaction: transaction)
    }
    guard !source.docIDs.isEmpty else {
      return FinishedSegment(interval: interval, replaced: replaced, isSeal: isSeal, segment: nil)
    }
    try requireSpace(rows: source.docIDs.count, dimensions: dimensions)
    return try buildSoundly(source, dimensions: dimensions, progress: progress)
  }

  /// Builds, checks, and where the check fails builds again: with another seed and from scratch, then
  /// without a graph. What fails is never published. Where int8 codes cannot tell the vectors apart, all of this
  /// with floats.
  private func buildSoundly(
    _ source: OriginalSource, dimensions: Int, progress: @escaping @Sendable (Double) -> Void
  ) throws(StoreError) -> FinishedSegment {
    var findings: [String] = []
    var attempts = attempts[...]
    while let attempt = attempts.popFirst() {
      let number = core.takeSegmentNumber()
      var builder = SegmentBuilder(
        kind: attempt.kind, encoding: attempt.encoding,
        metric: collection.configuration.metric, dimensions: dimensions, interval: interval,
        threads: core.threads, isCancelled: { isObsolete },
        progress: { fraction, _ in progress(fraction) })
      builder.engines = core.engines
      builder.standsInForCodes = attempt.standsInForCodes
      builder.transform = transform
      (builder.knownTransform, builder.artifact) = sharedArtifacts()
      let artifacts = try builder.build(
        from: source, base: attempt.base,
        makeWriter: { (header) throws(StoreError) in
          try SegmentWriter(
            fileSystem: core.fileSystem, directory: core.segmentDirectory, number: number,
            header: header)
        }, addSections: writeObjectIDs
      ).artifacts
      do throws(StoreError) {
        var finished = try open(number)
        finished.artifacts = artifacts
        finished.findings = findings
        guard let handle = finished.segment?.handle else { return finished }
        findings = try verify(handle.index, source)
        if findings.isEmpty {
          if try isFaithful(handle.index, source) { return finished }
          attempts = floatAttempts[...]
        }
      } catch {
        // The job will be tried again and again; what it leaves must not fill the disk.
        try? core.fileSystem.remove(core.segmentPath(number))
        throw error
      }
      try? core.fileSystem.remove(core.segmentPath(number))
    }
    throw StoreError(
      .internalError, "A segment failed its self-check even without a graph",
      at: .init(path: core.segmentDirectory), cause: findings.joined(separator: "; "))
  }

  private func writeObjectIDs(
    _ docIDs: [UInt64], _ writer: SegmentWriter
  ) throws(StoreError) {
    try core.withReadTransaction { (transaction) throws(StoreError) in
      try ObjectIDSection(
        docIDs: docIDs, objects: collection.tables.objects, transaction: transaction
      ).write(to: writer)
    }
  }

  /// Maps the finished file; a file that cannot be opened again is not published.
  private func open(_ number: UInt64) throws(StoreError) -> FinishedSegment {
    let reader = try SegmentReader.open(
      fileSystem: core.fileSystem, directory: core.segmentDirectory, number: number)
    let handle = try SegmentHandle(
      reader, path: core.segmentPath(number), reaper: core.reaper, engines: core.engines)
    let entry = ManifestEntry(
      number: number, identifier: reader.header.identifier, length: UInt64(reader.length),
      firstDocID: interval.lowerBound, lastDocID: interval.upperBound,
      rowCount: reader.header.count)
    return FinishedSegment(
      interval: interval, replaced: replaced, isSeal: isSeal, segment: (entry, handle))
  }

  /// Refuses to start a job that would fill the disk.
  private func requireSpace(rows: Int, dimensions: Int) throws(StoreError) {
    let dimensions = transform.outputs(of: dimensions)
    let perRow = 8 + 16 + 4 * 64 + encoding.bytesPerRow(dimensions: dimensions)
    let estimate = UInt64(rows * perRow) / 2 * 3 + 4 << 20
    let free = try core.fileSystem.freeSpace(core.segmentDirectory)
    guard free >= estimate else {
      throw StoreError(
        .noSpace,
        "A segment of \(rows) vectors needs about \(estimate >> 20) MiB, \(free >> 20) MiB are free",
        at: .init(path: core.segmentDirectory), remedy: "Free some space; the job is tried again")
    }
  }
}
