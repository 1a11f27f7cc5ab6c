import ObjectStorage
import StorageIO
import SystemPackage

/// Opens a store: lock, LMDB, manifests, segments, deletes, tails; then removes orphans and starts
/// the threads. A bad segment never stops it: it is set aside and its vectors are scanned.
struct StoreOpener {
  let paths: StorePaths
  let options: StoreOptions
  let fileSystem: any FileSystem
  private let events: EventHub
  private let reaper: SegmentReaper

  init(path: String, options: StoreOptions, fileSystem: any FileSystem) {
    paths = StorePaths(path)
    self.options = options
    self.fileSystem = fileSystem
    events = EventHub(logger: options.logger)
    reaper = SegmentReaper(fileSystem: fileSystem)
  }

  func open() throws(StoreError) -> Store {
    try options.validate()
    try prepareDirectory()
    let lock = options.readOnly ? nil : try takeLock()
    if !options.readOnly, try !fileSystem.exists(paths.data) {
      try refuseLostData()
      try StoreCreation(paths: paths, options: environmentOptions, fileSystem: fileSystem).run()
    }
    try refuseEmptyData()
    let environment = try LMDBEnvironment.open(
      directory: paths.directory, options: environmentOptions)
    do throws(StoreError) {
      return try assemble(environment, lock: lock)
    } catch {
      try? environment.close()
      throw error
    }
  }

  // MARK: - Steps

  private func prepareDirectory() throws(StoreError) {
    guard !paths.directory.isEmpty else {
      throw StoreError(
        .invalidArgument, "The path of the store is empty", remedy: "Give the path of a directory")
    }
    let exists = try fileSystem.exists(paths.data)
    if !exists, try fileSystem.exists(paths.restoring) {
      throw StoreError(
        .notFound, "A restore into this store did not finish", at: .init(path: paths.directory),
        remedy: "Restore the backup once more")
    }
    // The next backup would undo whatever was written.
    if !options.readOnly, try fileSystem.exists(BackupPaths(paths.directory).marker) {
      throw StoreError(
        .notSupported, "This is a backup, not a store to write to",
        at: .init(path: paths.directory),
        remedy: "Restore it with Store.restore(from:to:), or open it with StoreOptions.readOnly")
    }
    if !exists, options.readOnly || !options.createIfMissing {
      try refuseLostData()
      throw StoreError(
        .notFound, "There is no store", at: .init(path: paths.directory),
        remedy: "Check the path, or create the store first")
    }
    // Before anything is made, and before the lock is taken: that may hang on such a file system.
    try refuseNetworkFileSystem()
    if !options.readOnly { try fileSystem.makeDirectory(paths.segments) }
  }

  /// Looks at the store's directory, or at the nearest one above it that is there.
  private func refuseNetworkFileSystem() throws(StoreError) {
    var place = FilePath(paths.directory)
    while !(try fileSystem.exists(place.string)), place.removeLastComponent() {}
    guard let kind = try fileSystem.networkFileSystem(place.isEmpty ? "." : place.string) else {
      return
    }
    throw .onNetwork(kind, at: .init(path: paths.directory))
  }

  private func takeLock() throws(StoreError) -> FileLock {
    do throws(StoreError) {
      return try fileSystem.lock(paths.writerLock)
    } catch {
      guard error.code == .locked else { throw error }
      if let conflict = LMDBEnvironment.conflictInThisProcess(paths.directory) { throw conflict }
      throw StoreError(
        .locked, "Another process is writing to the store", at: .init(path: paths.writerLock),
        cause: error.cause,
        remedy: "Wait for it, or open the store with StoreOptions.readOnly to search it")
    }
  }

  private var environmentOptions: EnvironmentOptions {
    var chosen = EnvironmentOptions()
    chosen.mapSize = options.mapSize
    chosen.durability = options.durability == .full ? .full : .relaxed
    chosen.readOnly = options.readOnly
    chosen.maxReaders = options.maximumReaders
    return chosen
  }

  private func assemble(
    _ environment: LMDBEnvironment, lock: FileLock?
  ) throws(StoreError) -> Store {
    let catalog = try openCatalog(environment)
    let quarantine = Quarantine(fileSystem: fileSystem, paths: paths, events: events)
    let mayRename = !options.readOnly
    let loader = StateLoader(
      fileSystem: fileSystem, reaper: reaper, paths: paths, environment: environment,
      catalog: catalog, engines: options.engines
    ) { entry, name, error in
      if mayRename { quarantine.setAside(entry.number, collection: name, because: error) }
    }
    // This may commit, so it comes before the state is loaded: the state of that commit is needed.
    if !options.readOnly {
      try environment.removeTables(except: Set(try loader.collectionNumbers()))
    }
    let tables = try loader.openTables()
    let transaction = try environment.beginRead()
    let state: StoreState
    do throws(StoreError) {
      state = try loader.load(transaction, tables: tables)
    } catch {
      transaction.end()
      throw error
    }
    transaction.end()
    var highest: UInt64 = 0
    if !options.readOnly {
      highest = try OrphanSweep(fileSystem: fileSystem, paths: paths, events: events)
        .run(keeping: state)
    }
    return try start(
      environment, catalog, state, nextSegment: highest + 1, quarantine: quarantine, lock: lock)
  }

  /// Opens the catalog. An LMDB file without one becomes a store, unless it was one.
  private func openCatalog(_ environment: LMDBEnvironment) throws(StoreError) -> Catalog {
    do throws(StoreError) {
      let catalog = Catalog(try environment.openCatalog())
      if options.readOnly { return catalog }
    } catch {
      guard error.code == .notFound else { throw error }
      try refuseLostData()
      if options.readOnly { throw error }
    }
    return try StoreCreation.writeRecord(in: environment)
  }

  private func start(
    _ environment: LMDBEnvironment, _ catalog: Catalog, _ state: StoreState, nextSegment: UInt64,
    quarantine: Quarantine, lock: FileLock?
  ) throws(StoreError) -> Store {
    let wake = CommitSignal()
    let core = StoreCore(
      path: paths.directory, options: options, fileSystem: fileSystem, reaper: reaper,
      environment: environment,
      catalog: catalog, state: state, nextSegment: nextSegment, events: events,
      follower: options.readOnly ? ReaderFollower() : nil, didCommit: { _ in wake.fire() })
    core.reportMissingKinds()
    let compactor = Compactor(core: core)
    let scrub = Scrub(core: core, quarantine: quarantine, didQuarantine: { wake.fire() })
    if options.verification == .full { scrub.runIfPending() }
    let isAutomatic: Bool
    if case .automatic = options.backgroundWork { isAutomatic = true } else { isAutomatic = false }
    let threads =
      isAutomatic && !options.readOnly ? BackgroundThreads(core: core, compactor: compactor) : nil
    // Not the core, whose writer holds this: it would never be freed, nor what its segments have mapped.
    let backPressure = core.backPressure
    wake.set { [weak threads] in
      backPressure.wake()
      threads?.wake()
    }
    var writerThread: PosixThread?
    do throws(StoreError) {
      if !options.readOnly {
        writerThread = try PosixThread.start(name: "seam-write", stackSize: 4 << 20) {
          core.writer.run()
        }
        try threads?.start()
      }
      if isAutomatic, options.verification == .quick {
        try scrub.start { core.residency.refresh(core.states) }
      }
    } catch {
      // Threads that did start would run for ever.
      core.beginClosing()
      scrub.close()
      threads?.close()
      core.writer.close()
      writerThread?.join()
      throw error
    }
    return Store(
      core: core, compactor: compactor, threads: threads, writerThread: writerThread,
      scrub: scrub, lock: lock)
  }
}
