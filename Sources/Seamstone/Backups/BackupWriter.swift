import ObjectStorage
import SegmentFiles
import StorageIO

/// Copies an open store into a backup while writes go on.
///
/// Nothing that the last finished backup needs is changed or removed before the new one is whole: LMDB's file is
/// copied beside the old one, the segments that it names are linked or copied, all of it is synced, and then one
/// rename makes the new version the backup. A process that is killed at any moment leaves the old version or the
/// new one, and files that the next backup removes.
struct BackupWriter {
  let core: StoreCore
  let paths: BackupPaths
  let progress: (BackupProgress) -> Void

  /// How often a reader process begins again because the writer process replaced a segment meanwhile.
  private static let attempts = 6

  func run() throws(StoreError) -> BackupReport {
    let destination = BackupDestination(
      fileSystem: core.fileSystem, paths: paths, source: core.path)
    try destination.prepare()
    let lock = try destination.lock()
    defer { lock.release() }
    // Files that are replaced from here on stay until their copies are made.
    core.reaper.hold()
    defer { core.reaper.release() }
    do throws(StoreError) {
      let (copied, report) = try copy()
      try publish()
      try cleanUp(keeping: copied)
      return report
    } catch {
      try? clearIncoming()
      throw error
    }
  }

  // MARK: - Copying

  private func copy() throws(StoreError) -> (CopiedCatalog, BackupReport) {
    var attempt = 0
    while true {
      attempt += 1
      if core.isClosing { throw StoreError.storeClosed }
      var report = BackupReport()
      // The writer process of a reader's store unlinks what it likes: links made now outlive that.
      if core.options.readOnly { try linkCurrentSegments(&report) }
      try copyDatabase()
      let copied = try CopiedCatalog.read(directory: paths.incoming.directory)
      report.version = copied.version
      report.objectBytes = try core.fileSystem.length(paths.incoming.data)
      let replaced = try bring(copied.segments, &report)
      if replaced == 0 || attempt >= Self.attempts { return (copied, report) }
    }
  }

  private func copyDatabase() throws(StoreError) {
    progress(BackupProgress(phase: .objects, completedBytes: 0, totalBytes: 0))
    try clearIncoming()
    try core.fileSystem.makeDirectory(paths.incoming.directory)
    try core.environment.copy(to: paths.incoming.directory, compacting: false)
    try core.fileSystem.syncFile(paths.incoming.data)
  }

  /// Brings segments; answers how many are gone because a newer version replaced them.
  private func bring(
    _ entries: [ManifestEntry], _ report: inout BackupReport
  ) throws(StoreError) -> Int {
    let total = entries.reduce(0) { $0 + Int(clamping: $1.length) }
    var done = 0
    var replaced = 0
    for entry in entries {
      let transfer = FileTransfer(
        fileSystem: core.fileSystem,
        didCopy: { count in
          done += count
          progress(
            BackupProgress(
              phase: .segments, completedBytes: min(done, total), totalBytes: total))
        }, isCancelled: { core.isClosing })
      do throws(StoreError) {
        let outcome = try transfer.bring(
          entry, from: core.segmentPath(entry.number), to: paths.store.segment(entry.number))
        note(outcome, entry, &report)
      } catch {
        guard error.code == .notFound else { throw error }
        if try isNamed(entry) { report.missingSegments += 1 } else { replaced += 1 }
      }
    }
    try core.fileSystem.syncDirectory(paths.store.segments)
    return replaced
  }

  private func note(
    _ outcome: FileTransfer.Outcome, _ entry: ManifestEntry, _ report: inout BackupReport
  ) {
    switch outcome {
    case .reused: report.reusedSegments += 1
    case .linked: report.linkedSegments += 1
    case .copied:
      report.copiedSegments += 1
      report.copiedSegmentBytes += Int(clamping: entry.length)
    }
  }

  /// Whether the newest version names a segment: then its file is missing, and not replaced.
  private func isNamed(_ entry: ManifestEntry) throws(StoreError) -> Bool {
    let (transaction, state) = try core.capture()
    transaction.end()
    return state.collections.values.contains { $0.manifest.entries.contains(entry) }
  }

  private func linkCurrentSegments(_ report: inout BackupReport) throws(StoreError) {
    let (transaction, state) = try core.capture()
    transaction.end()
    let entries = state.collections.values.flatMap(\.manifest.entries)
    let transfer = FileTransfer(
      fileSystem: core.fileSystem, didCopy: { _ in }, isCancelled: { core.isClosing })
    for entry in entries {
      do throws(StoreError) {
        let outcome = try transfer.bring(
          entry, from: core.segmentPath(entry.number), to: paths.store.segment(entry.number))
        // Those that the copied manifest names are counted as reused when it is their turn.
        if outcome != .reused {
          note(outcome, entry, &report)
          report.reusedSegments -= 1
        }
      } catch {
        guard error.code == .notFound else { throw error }
      }
    }
  }

  // MARK: - Publishing

  private func publish() throws(StoreError) {
    // A table of readers belongs to the file that it was made for.
    try removeIfPresent(paths.store.lock)
    try core.fileSystem.rename(paths.incoming.data, to: paths.store.data)
    try core.fileSystem.syncDirectory(paths.directory)
  }

  /// Removes what only earlier versions named.
  private func cleanUp(keeping copied: CopiedCatalog) throws(StoreError) {
    let named = Set(copied.segments.map { SegmentFileName.segment($0.number).name })
    for name in try core.fileSystem.list(paths.store.segments) {
      guard let parsed = SegmentFileName(parsing: name), !named.contains(name) else { continue }
      // Set aside by somebody who looked at the backup.
      if case .quarantined = parsed { continue }
      try removeIfPresent(paths.store.segments + "/" + name)
    }
    try clearIncoming()
  }

  private func clearIncoming() throws(StoreError) {
    let directory = paths.incoming.directory
    guard try core.fileSystem.exists(directory) else { return }
    try removeIfPresent(paths.incoming.data)
    try removeIfPresent(paths.incoming.lock)
    try core.fileSystem.removeDirectory(directory)
  }

  private func removeIfPresent(_ path: String) throws(StoreError) {
    try FileTransfer(fileSystem: core.fileSystem, didCopy: { _ in }, isCancelled: { false })
      .removeIfPresent(path)
  }
}
