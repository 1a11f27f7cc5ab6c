public import StorageIO
public import SystemPackage

extension Store {
  /// Looks for damage and contradictions; changes nothing. May run in a reader process, beside writes.
  ///
  /// Segment files are compared with the manifest, the databases with each other and with their counters, and sampled
  /// vectors have to find themselves.
  /// - Parameter deep: Read everything: pages of LMDB, checksums of all values, objects and originals, blocks of
  ///   segments, and the structure of graphs. LMDB's structure comes first: where that is damaged
  ///   nothing else of the databases is looked at, because LMDB trusts its pages and would follow them anywhere.
  /// - Returns: What was found. Only what keeps the check from going on is thrown.
  public func verify(deep: Bool = false) throws(StoreError) -> VerificationReport {
    try verify(deep: deep, includingPages: deep)
  }

  /// Looks for damage in a store that may be too damaged to be opened; see ``verify(deep:)``. Other
  /// processes may have it open, this one may not.
  /// - Throws: `notFound` if there is no store, `locked` if this process has it open, `formatTooNew` for one of a
  ///   later release. Damage is not thrown but reported.
  public static func verify(
    at path: FilePath, deep: Bool = false
  ) throws(StoreError) -> VerificationReport {
    try StoreInspection(path: path.string, fileSystem: PosixFileSystem()).run(deep: deep)
  }

  func verify(deep: Bool, includingPages: Bool) throws(StoreError) -> VerificationReport {
    var report = VerificationReport()
    let (transaction, state) = try core.capture()
    defer { transaction.end() }
    let isSound = includingPages ? try verifyPages(&report) : true
    for number in state.collections.keys.sorted() {
      guard let collection = state.collections[number] else { continue }
      if core.isClosing { throw StoreError.storeClosed }
      report.collections += 1
      SegmentCheck(core: core, collection: collection, deep: deep).run(&report)
      guard isSound else { continue }
      ConsistencyCheck(
        core: core, collection: collection, transaction: transaction, deep: deep
      ).run(&report)
    }
    return report
  }

  /// Looks at LMDB's own structure; answers whether it holds.
  private func verifyPages(_ report: inout VerificationReport) throws(StoreError) -> Bool {
    do throws(StoreError) {
      try core.environment.verifyStructure()
      return true
    } catch {
      guard error.code == .corruption else { throw error }
      report.findings.append(.database(error, path: core.path))
      return false
    }
  }
}

extension VerificationReport.Finding {
  /// LMDB's file is damaged.
  static func database(_ error: StoreError, path: String) -> Self {
    let place = error.location.map { " (\($0))" } ?? ""
    let cause = error.cause.map { " [\($0)]" } ?? ""
    return Self(
      code: error.code, part: .database, message: error.message + place + cause,
      remedy: VerificationReport.repairRemedy(path))
  }
}
