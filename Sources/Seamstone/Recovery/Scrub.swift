import SegmentFiles
import StorageIO

/// Reads every checksum of the segments that were there at open, with `pread` so that a bad disk
/// block is an error and not a signal. A damaged segment is set aside and rebuilt.
final class Scrub: Sendable {
  private let core: StoreCore
  private let quarantine: Quarantine
  private struct Segment {
    let collection: UInt32
    let name: String
    let entry: ManifestEntry
    /// Weak, so that a file that is replaced meanwhile is unlinked, and not kept until the store is
    /// closed.
    weak var handle: SegmentHandle?
  }
  private let segments: ConditionLock<[Segment]>
  private let thread = ConditionLock<PosixThread?>(nil)
  private let isStopped = ConditionLock(false)
  private let isBegun = ConditionLock(false)
  private let didQuarantine: @Sendable () -> Void

  init(core: StoreCore, quarantine: Quarantine, didQuarantine: @escaping @Sendable () -> Void) {
    self.core = core
    self.quarantine = quarantine
    self.didQuarantine = didQuarantine
    segments = ConditionLock(
      core.states.current.collections.values.sorted { $0.number < $1.number }.flatMap {
        collection in
        collection.segments.filter { $0.handle != nil }.map {
          Segment(
            collection: collection.number, name: collection.name, entry: $0.entry, handle: $0.handle
          )
        }
      })
  }

  /// Checks on a thread of its own, after `prelude`.
  func start(after prelude: @escaping @Sendable () -> Void) throws(StoreError) {
    guard begin() else { return }
    let started = try PosixThread.start(name: "seam-scrub") { [self] in
      prelude()
      // Searches come first: on a machine with few cores the check took half of the time of those after an open.
      PosixThread.stepBack()
      run()
    }
    thread.withLock { $0 = started }
  }

  /// Checks everything on the calling thread, unless that was done or begun before.
  func runIfPending() {
    if begin() { run() }
  }

  /// Answers whether the check is still to be done, and takes it on.
  private func begin() -> Bool {
    isBegun.withLock { isBegun in
      defer { isBegun = true }
      return !isBegun
    }
  }

  private func run() {
    let segments = segments.withLock { $0 }
    for segment in segments {
      if isStopped.withLock({ $0 }) { return }
      check(segment)
    }
    core.events.emit(
      StoreEvent(
        kind: .scrubFinished,
        message:
          segments.count == 1
          ? "1 segment was checked" : "\(segments.count) segments were checked"))
  }

  func close() {
    isStopped.withLock { $0 = true }
    thread.withLock { $0 }?.join()
  }

  private func check(_ segment: Segment) {
    let number = segment.entry.number
    do throws(StoreError) {
      let path = core.segmentPath(number)
      let findings = try SegmentVerifier(isCancelled: { [self] in isStopped.withLock { $0 } })
        .verify(fileSystem: core.fileSystem, path: path, number: number, deep: true)
      if let finding = findings.first { throw finding.error(path: path) }
    } catch {
      // A segment that was replaced meanwhile may be gone, and a cancelled check says nothing.
      guard error.code != .cancelled, let handle = segment.handle,
        core.states.isCurrent(handle, in: segment.collection)
      else { return }
      core.states.setAside(segment.entry)
      if !core.options.readOnly {
        quarantine.setAside(number, collection: segment.name, because: error)
        didQuarantine()
      }
    }
  }
}
