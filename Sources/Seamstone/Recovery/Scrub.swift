import SegmentFiles
import StorageIO

/// Reads every checksum of the segments that were there at open, with `pread` so that a bad disk
/// block is an error and not a signal. A damaged segment is set aside and rebuilt.
final class Scrub: Sendable {
  private let core: StoreCore
  private let quarantine: Quarantine
  private let segments: [(collection: UInt32, name: String, handle: SegmentHandle)]
  private let thread = ConditionLock<PosixThread?>(nil)
  private let isStopped = ConditionLock(false)
  private let didQuarantine: @Sendable () -> Void

  init(core: StoreCore, quarantine: Quarantine, didQuarantine: @escaping @Sendable () -> Void) {
    self.core = core
    self.quarantine = quarantine
    self.didQuarantine = didQuarantine
    segments = core.states.current.collections.values.flatMap { collection in
      collection.segments.compactMap { view in
        view.handle.map { (collection.number, collection.name, $0) }
      }
    }
  }

  /// Checks on a thread of its own.
  func start() throws(StoreError) {
    let started = try PosixThread.start(name: "seam-scrub") { [self] in run() }
    thread.withLock { $0 = started }
  }

  /// Checks everything now.
  func run() {
    for segment in segments {
      if isStopped.withLock({ $0 }) { return }
      check(segment.handle, collection: segment.collection, name: segment.name)
    }
    core.events.emit(
      StoreEvent(kind: .scrubFinished, message: "\(segments.count) segment(s) were checked"))
  }

  func close() {
    isStopped.withLock { $0 = true }
    thread.withLock { $0 }?.join()
  }

  private func check(_ handle: SegmentHandle, collection number: UInt32, name: String) {
    do throws(StoreError) {
      let path = core.segmentPath(handle.number)
      let findings = try SegmentVerifier(isCancelled: { [self] in isStopped.withLock { $0 } })
        .verify(fileSystem: core.fileSystem, path: path, number: handle.number, deep: true)
      if let finding = findings.first { throw finding.error(path: path) }
    } catch {
      // A segment that was replaced meanwhile may be gone, and a cancelled check says nothing.
      guard error.code != .cancelled, core.states.isCurrent(handle, in: number) else { return }
      core.states.replaceCurrent { state in state.setAside(handle, in: number) }
      if !core.options.readOnly {
        quarantine.setAside(handle.number, collection: name, because: error)
        didQuarantine()
      }
    }
  }
}
