import ObjectStorage
import SegmentFiles
import StorageIO
import SystemPackage

/// Finds out what is wrong with a store and mends it.
///
/// What is derived (segments, property indexes) is made again in place. Anything wrong with what it is derived from
/// means a new data file: records are never changed one by one in a file that is not to be trusted.
struct StoreRepair {
  let paths: StorePaths
  let fileSystem: any FileSystem

  init(path: String, fileSystem: any FileSystem) {
    paths = StorePaths(path)
    self.fileSystem = fileSystem
  }

  func run() throws(StoreError) -> RepairReport {
    var report = RepairReport()
    let inspection = StoreInspection(path: paths.directory, fileSystem: fileSystem)
    try inspection.requireStore()
    guard try prepare(&report, inspection) else { return report }
    try rebuild(report.findings, isSalvaged: report.movedAside != nil)
    report.verification = try inspection.run(deep: true)
    return report
  }

  /// Does what nobody else may be at: everything up to the point where the store can be opened again. Answers whether
  /// there is anything to mend.
  private func prepare(
    _ report: inout RepairReport, _ inspection: StoreInspection
  ) throws(StoreError) -> Bool {
    let lock = try takeLock()
    defer { lock.release() }
    // What a repair that was killed has left: it begins again.
    try DataFileSwap(paths: paths, fileSystem: fileSystem).removeSalvage()
    report.findings = try inspection.run(deep: true).findings
    if report.findings.isEmpty { return false }
    if report.findings.contains(where: { $0.part == .database || $0.part == .records }) {
      try salvage(&report)
    } else {
      try setAsideSegments(report.findings)
    }
    return true
  }

  private func takeLock() throws(StoreError) -> FileLock {
    do throws(StoreError) {
      return try fileSystem.lock(paths.writerLock)
    } catch {
      guard error.code == .locked else { throw error }
      throw StoreError(
        .locked, "Another process is writing to the store", at: .init(path: paths.writerLock),
        cause: error.cause, remedy: "Repair it when that process has ended")
    }
  }

  // MARK: - Segments

  /// Damaged segments are renamed, so that opening the store makes them again.
  private func setAsideSegments(
    _ findings: [VerificationReport.Finding]
  ) throws(StoreError) {
    var numbers = Set(findings.filter { $0.part == .segment }.compactMap(\.segment))
    let suspects = Set(
      findings.filter { $0.part == .segment && $0.segment == nil }.compactMap(\.collection))
    if !suspects.isEmpty { numbers.formUnion(try segments(of: suspects)) }
    for number in numbers {
      let path = paths.segment(number)
      guard try fileSystem.exists(path) else { continue }
      try fileSystem.rename(
        path, to: paths.segments + "/" + SegmentFileName.quarantined(number).name)
    }
    if !numbers.isEmpty { try fileSystem.syncDirectory(paths.segments) }
  }

  private func segments(of names: Set<String>) throws(StoreError) -> Set<UInt64> {
    var options = StoreOptions()
    options.readOnly = true
    options.createIfMissing = false
    options.backgroundWork = .manual
    let store = try Store.open(at: FilePath(paths.directory), options: options)
    defer { store.close() }
    return Set(
      store.core.states.current.collections.values.filter { names.contains($0.name) }
        .flatMap { $0.manifest.entries.map(\.number) })
  }

  /// Opens the store as any writer does, which makes again whatever is missing.
  private func rebuild(
    _ findings: [VerificationReport.Finding], isSalvaged: Bool
  ) throws(StoreError) {
    var options = StoreOptions()
    options.createIfMissing = false
    options.backgroundWork = .manual
    options.verification = .full
    let store = try Store.open(at: FilePath(paths.directory), options: options)
    defer { store.close() }
    if !isSalvaged {
      let damaged = Set(findings.filter { $0.part == .propertyIndex }.compactMap(\.collection))
      for collection in store.core.states.current.collections.values
      where damaged.contains(collection.name) {
        let number = collection.number
        try store.core.write { (context) throws(StoreError) in
          try context.restartPropertyIndexes(of: number)
        }
      }
    }
    try store.runBackgroundWork()
  }

  // MARK: - The data file

  private func salvage(_ report: inout RepairReport) throws(StoreError) {
    let salvage = StoreSalvage(paths: paths, fileSystem: fileSystem)
    let outcome = try salvage.run()
    report.salvagedObjects = outcome.objects
    report.losses = outcome.losses.filter { !$0.isEmpty }
    report.isDataFileLost = outcome.isDataFileLost
    report.lostSegments = outcome.lostSegments
    report.movedAside = FilePath(try DataFileSwap(paths: paths, fileSystem: fileSystem).run())
  }
}
