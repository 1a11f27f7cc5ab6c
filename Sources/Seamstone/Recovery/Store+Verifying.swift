import ObjectStorage
package import StorageIO

extension Store {
  /// Checks that the parts of the store agree with each other; repairs nothing.
  ///
  /// Always: header, table and footer of each segment file against the manifest; counts of objects,
  /// ids, vectors and delete records against each other; a sample of vectors must find themselves.
  /// - Parameter deep: Also reads every checksum of segments, objects and originals, and every page of LMDB's
  ///   trees before that. Where a page is damaged the databases are not looked at any further: LMDB trusts
  ///   its pages, and would follow them anywhere.
  /// - Returns: What was found. Only what keeps the check from going on is thrown.
  package func verify(deep: Bool) throws(StoreError) -> VerificationReport {
    var report = VerificationReport()
    let (transaction, state) = try core.capture()
    defer { transaction.end() }
    let isSound = deep ? try verifyPages(&report) : true
    for number in state.collections.keys.sorted() {
      guard let collection = state.collections[number] else { continue }
      if core.isClosing { throw StoreError.storeClosed }
      report.collections += 1
      SegmentCheck(core: core, collection: collection, deep: deep).run(&report)
      guard isSound else { continue }
      ConsistencyCheck(
        collection: collection, transaction: transaction, contexts: core.contexts, deep: deep
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
      let place = error.location.map { " (\($0))" } ?? ""
      report.findings.append(
        .init(code: error.code, message: error.message + place, remedy: error.remedy))
      return false
    }
  }
}
