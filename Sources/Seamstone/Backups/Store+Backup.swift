public import StorageIO
public import SystemPackage

extension Store {
  /// Copies the store, as one version, to a directory outside of it, while searches and writes go on.
  ///
  /// Objects and originals are copied anew each time (LMDB's own copy, which writers wait for only until it has
  /// begun); segments that the destination has from an earlier backup are kept, others are linked where both lie on
  /// one volume, and copied where not. Until the new version is whole and synced the earlier one stays as it was, so a
  /// backup that is interrupted can simply be run again. Reader processes may make backups, too. LMDB's map cannot grow
  /// while its file is copied.
  /// - Parameters:
  ///   - path: A directory that is empty, does not exist, or holds an earlier backup.
  ///   - verifying: Read the copy afterwards as ``Store/verify(at:deep:)`` does, and compare it with this store.
  ///   - progress: Called on the calling thread.
  /// - Throws: `invalidArgument` for a destination inside the store, `alreadyExists` for one that holds a store or other
  ///   files, `locked` if another process uses the backup, `noSpace`, `io`.
  @discardableResult
  public func backup(
    to path: FilePath, verifying: Bool = false,
    progress: @escaping (BackupProgress) -> Void = { _ in }
  ) throws(StoreError) -> BackupReport {
    let before = verifying ? try snapshot() : nil
    defer { before?.close() }
    let paths = BackupPaths(path.string)
    var report = try BackupWriter(core: core, paths: paths, progress: progress).run()
    guard let before else { return report }
    progress(BackupProgress(phase: .verifying, completedBytes: 0, totalBytes: 0))
    var verification = try Store.verifyBackup(at: path)
    if verification.findings.isEmpty {
      let after = try snapshot()
      defer { after.close() }
      try BackupComparison(before: before, after: after, backup: path).run(&verification)
    }
    report.verification = verification
    return report
  }

  /// Looks for damage in a backup, as ``verify(at:deep:)`` does in a store, and reads everything.
  /// - Throws: `invalidArgument` for a directory that is no backup, `notFound` for one without a finished backup.
  public static func verifyBackup(at path: FilePath) throws(StoreError) -> VerificationReport {
    try StoreRestorer(
      fileSystem: PosixFileSystem(), source: BackupPaths(path.string), target: StorePaths(""),
      progress: { _ in }
    ).requireBackup()
    return try verify(at: path, deep: true)
  }

  /// Makes a store of a backup. The backup stays as it is.
  ///
  /// Segments are linked where both lie on one volume, and copied where not. The new store is there all at once, at the
  /// end; a restore that is interrupted can be run again.
  /// - Parameters:
  ///   - backup: A directory that ``backup(to:verifying:progress:)`` has made.
  ///   - path: A directory that is empty or does not exist.
  ///   - progress: Called on the calling thread.
  /// - Throws: `invalidArgument` for a source that is no backup, `notFound` for one without a finished backup,
  ///   `alreadyExists` for a destination that is not empty, `locked` if another process uses one of the two, `noSpace`,
  ///   `io`.
  @discardableResult
  public static func restore(
    from backup: FilePath, to path: FilePath,
    progress: @escaping (BackupProgress) -> Void = { _ in }
  ) throws(StoreError) -> BackupReport {
    try StoreRestorer(
      fileSystem: PosixFileSystem(), source: BackupPaths(backup.string),
      target: StorePaths(path.string), progress: progress
    ).run()
  }
}
