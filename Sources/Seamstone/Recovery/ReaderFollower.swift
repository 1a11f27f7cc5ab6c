import ObjectStorage
import StorageIO

/// Keeps a reader process's state at the newest commit of the writer process.
final class ReaderFollower: Sendable {
  private let loading = ConditionLock(false)
  /// What following has read so far.
  let work = LoadWork()

  /// Loads the state that `transaction` sees, unless another thread has just done so. A segment file
  /// that is gone means that a newer manifest exists: the caller begins a newer transaction. When
  /// that does not help, the file is really missing: `tolerant` serves its interval by scan.
  func follow(
    _ transaction: ReadTransaction, core: StoreCore, tolerant: Bool
  ) throws(StoreError) {
    try loading.withLock { (_) throws(StoreError) in
      let current = core.states.current
      guard current.transactionID < transaction.transactionID else { return }
      let loader = StateLoader(
        fileSystem: core.fileSystem, reaper: core.reaper, paths: StorePaths(core.path),
        environment: core.environment, catalog: core.catalog, engines: core.engines, work: work,
        // A reader never renames anything; the writer process does when it finds out.
        quarantine: tolerant ? { _, _, _ in } : nil)
      do throws(StoreError) {
        let known = current.collections.mapValues(\.tables)
        let tables = try loader.openTables(known: known)
        let state = try loader.load(transaction, tables: tables, reusing: current)
        core.states.follow(state)
      } catch {
        // The file may have been replaced by a compaction after this version; look again.
        guard !tolerant || error.code == .notFound else { throw error }
      }
    }
  }
}
