import ObjectStorage
import StorageIO
import SystemPackage

/// Verifies a store from outside, in steps of which each relies on the one before it: LMDB's file, its pages, the
/// catalog, and then everything that an open store can check of itself.
struct StoreInspection {
  let paths: StorePaths
  let fileSystem: any FileSystem

  init(path: String, fileSystem: any FileSystem) {
    paths = StorePaths(path)
    self.fileSystem = fileSystem
  }

  func run(deep: Bool) throws(StoreError) -> VerificationReport {
    guard try fileSystem.exists(paths.data) else { return try reportMissing() }
    do throws(StoreError) {
      try DataFileCheck.check(fileSystem: fileSystem, path: paths.data)
      if let report = try inspectDatabase(deep: deep) { return report }
      var options = StoreOptions()
      options.readOnly = true
      options.createIfMissing = false
      options.backgroundWork = .manual
      let store = try Store.open(
        at: FilePath(paths.directory), options: options, fileSystem: fileSystem)
      defer { store.close() }
      return try store.verify(deep: deep, includingPages: false)
    } catch {
      // A store that cannot even be opened is what this is there to tell about.
      guard error.code.isDamage else { throw error }
      let report = try? inspectValues()
      if let report, !report.findings.isEmpty { return report }
      return VerificationReport(findings: [.database(error, path: paths.directory)])
    }
  }

  /// Names the damaged values of a store that cannot be opened because of them. Throws where its pages are damaged.
  private func inspectValues() throws(StoreError) -> VerificationReport {
    try DataFileCheck.check(fileSystem: fileSystem, path: paths.data)
    var options = EnvironmentOptions()
    options.readOnly = true
    let environment = try LMDBEnvironment.open(directory: paths.directory, options: options)
    defer { try? environment.close() }
    try environment.verifyStructure()
    let catalog = Catalog(try openCatalog(environment))
    let entries = try environment.read { (transaction) throws(StoreError) in
      try catalog.entries(in: transaction)
    }
    var report = VerificationReport()
    for (key, value) in entries {
      guard let number = CatalogKey.collectionNumber(ofDefinition: key) else { continue }
      let definition = try CollectionDefinition(
        decoding: value, at: .init(path: paths.data, section: "catalog/\(key)"))
      let tables = try CollectionTables.open(number: number, in: environment)
      report.collections += 1
      try environment.read { (transaction) throws(StoreError) in
        try ValueCheck(
          path: paths.directory, name: definition.name, tables: tables,
          vectors: tables.vectors(of: definition.configuration),
          transaction: transaction
        ).run(&report)
      }
    }
    return report
  }

  /// Looks at LMDB's file by itself. Answers a report if there is no use in going on.
  private func inspectDatabase(deep: Bool) throws(StoreError) -> VerificationReport? {
    var options = EnvironmentOptions()
    options.readOnly = true
    let environment = try LMDBEnvironment.open(directory: paths.directory, options: options)
    defer { try? environment.close() }
    if deep { try environment.verifyStructure() }
    var report = VerificationReport()
    // Whoever made it was killed before its first commit.
    if try environment.statistics().lastTransactionID == 0 { return report }
    let catalog = try openCatalog(environment)
    try environment.read { (transaction) throws(StoreError) in
      try catalog.audit(in: transaction) { damage in
        report.findings.append(
          .init(
            code: .corruption, part: .database,
            message: "The value of key \(damage.key) in catalog is damaged: \(damage.reason)",
            remedy: VerificationReport.repairRemedy(paths.directory)))
      }
    }
    return report.findings.isEmpty ? nil : report
  }

  private func openCatalog(_ environment: LMDBEnvironment) throws(StoreError) -> BytesTable {
    do throws(StoreError) {
      return try environment.openCatalog()
    } catch {
      guard error.code == .notFound else { throw error }
      throw StoreError(.corruption, "There is no catalog", at: .init(path: paths.data))
    }
  }

  /// Segments without the objects that they were made from are not a store; but they were one.
  private func reportMissing() throws(StoreError) -> VerificationReport {
    try requireStore()
    return VerificationReport(findings: [
      .init(
        code: .corruption, part: .database,
        message: "data.mdb is missing, and with it all objects and originals (\(paths.data))",
        remedy:
          "Put the file back, or restore a backup: `seamstone restore BACKUP STORE`. Where there is neither, "
          + "`seamstone repair` moves everything aside and saves what the segments have")
    ])
  }

  /// Throws `notFound` unless there is a store, or something of one.
  func requireStore() throws(StoreError) {
    if try fileSystem.exists(paths.data) { return }
    guard try wasStore() else {
      throw StoreError(
        .notFound, "There is no store", at: .init(path: paths.directory),
        remedy: "Check the path, or create the store first")
    }
  }

  private func wasStore() throws(StoreError) -> Bool {
    for path in [paths.writerLock, paths.lock, paths.segments]
    where try fileSystem.exists(path) {
      return true
    }
    return false
  }
}
