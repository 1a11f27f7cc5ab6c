import ObjectStorage
import StorageIO

/// Makes a store of a backup. The data file gets its name last: until then the directory is no store, and the
/// restore can be run again.
struct StoreRestorer {
  let fileSystem: any FileSystem
  let source: BackupPaths
  let target: StorePaths
  let progress: (BackupProgress) -> Void

  func run() throws(StoreError) -> BackupReport {
    try requireBackup()
    try requireFreePlace()
    let sourceLock = try lockSource()
    defer { sourceLock?.release() }
    try fileSystem.makeDirectory(target.segments)
    let lock = try fileSystem.lock(target.writerLock)
    defer { lock.release() }
    try requireFreePlace()
    try DataFileCheck.check(fileSystem: fileSystem, path: source.store.data)
    let copied = try CopiedCatalog.read(directory: source.directory)
    var report = BackupReport()
    report.version = copied.version
    try copyObjects(&report)
    try bring(copied.segments, &report)
    // What is left of LMDB's table of readers belongs to another file.
    try transfer { _ in }.removeIfPresent(target.lock)
    try fileSystem.rename(target.restoring, to: target.data)
    try fileSystem.syncDirectory(target.directory)
    return report
  }

  // MARK: - Checks

  func requireBackup() throws(StoreError) {
    guard try fileSystem.exists(source.directory) else {
      throw StoreError(
        .notFound, "There is no backup", at: .init(path: source.directory),
        remedy: "Check the path")
    }
    guard try BackupMarker(fileSystem: fileSystem, paths: source).isPresent() else {
      throw StoreError(
        .invalidArgument, "This is not a backup", at: .init(path: source.directory),
        remedy: "Give a directory that `seamstone backup` or Store.backup(to:) has made")
    }
    guard try fileSystem.exists(source.store.data) else {
      throw StoreError(
        .notFound, "The first backup to this directory did not finish",
        at: .init(path: source.directory), remedy: "Run the backup again")
    }
  }

  /// A place where nothing is, or what a restore that was killed has left.
  private func requireFreePlace() throws(StoreError) {
    guard try fileSystem.exists(target.directory) else { return }
    let names: [String]
    do throws(StoreError) {
      names = try fileSystem.list(target.directory)
    } catch {
      throw StoreError(
        .alreadyExists, "The destination is not a directory", at: .init(path: target.directory),
        cause: error.message, remedy: "Choose a directory that is empty or does not exist")
    }
    let ours = [target.restoring, target.segments, target.writerLock]
    let isUnfinished = try fileSystem.exists(target.restoring)
    for name in names {
      let path = target.directory + "/" + name
      if ours.contains(path), isUnfinished || path != target.segments { continue }
      if path == target.segments, try fileSystem.list(path).isEmpty { continue }
      throw StoreError(
        .alreadyExists,
        path == target.data ? "There is a store already" : "The destination holds other files",
        at: .init(path: path), remedy: "Choose a directory that is empty or does not exist")
    }
  }

  /// Keeps a backup from being replaced while it is read; a medium that cannot be written to needs no lock.
  private func lockSource() throws(StoreError) -> FileLock? {
    do throws(StoreError) {
      return try fileSystem.lock(source.store.writerLock)
    } catch {
      guard error.code == .locked else { return nil }
      throw StoreError(
        .locked, "The backup is in use", at: .init(path: source.directory), cause: error.cause,
        remedy: "Wait for the other process, which makes a backup here or restores this one")
    }
  }

  // MARK: - Copying

  private func transfer(_ didCopy: @escaping (Int) -> Void) -> FileTransfer {
    FileTransfer(fileSystem: fileSystem, didCopy: didCopy, isCancelled: { false })
  }

  private func copyObjects(_ report: inout BackupReport) throws(StoreError) {
    let total = try fileSystem.length(source.store.data)
    var done = 0
    try transfer { count in
      done += count
      progress(BackupProgress(phase: .objects, completedBytes: done, totalBytes: total))
    }.copy(source.store.data, to: target.restoring)
    report.objectBytes = total
  }

  private func bring(
    _ entries: [ManifestEntry], _ report: inout BackupReport
  ) throws(StoreError) {
    let total = entries.reduce(0) { $0 + Int(clamping: $1.length) }
    var done = 0
    let transfer = transfer { count in
      done += count
      progress(
        BackupProgress(phase: .segments, completedBytes: min(done, total), totalBytes: total))
    }
    for entry in entries {
      do throws(StoreError) {
        switch try transfer.bring(
          entry, from: source.store.segment(entry.number), to: target.segment(entry.number))
        {
        case .reused: report.reusedSegments += 1
        case .linked: report.linkedSegments += 1
        case .copied:
          report.copiedSegments += 1
          report.copiedSegmentBytes += Int(clamping: entry.length)
        }
      } catch {
        // The originals are there: whoever opens the store makes it again.
        guard error.code == .notFound else { throw error }
        report.missingSegments += 1
      }
    }
    try fileSystem.syncDirectory(target.segments)
  }
}
