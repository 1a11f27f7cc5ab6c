import ObjectStorage
import StorageIO

/// Compares the databases of a collection with each other, with its counters and with its segments,
/// and lets a sample of vectors search for themselves.
struct ConsistencyCheck {
  let core: StoreCore
  let collection: CollectionState
  let transaction: ReadTransaction
  /// Whether to read every object and every original.
  let deep: Bool

  func run(_ report: inout VerificationReport) {
    let before = report.findings.count
    step("values", .records, &report) { (report) throws(StoreError) in try values(&report) }
    // What cannot be read cannot be compared, and has been named.
    guard report.findings.count == before else { return }
    step("counts", .records, &report) { (report) throws(StoreError) in try counts(&report) }
    step("delete records", .records, &report) { (report) throws(StoreError) in try deletes(&report)
    }
    step("objects", .records, &report) { (report) throws(StoreError) in try objects(&report) }
    step("ids", .records, &report) { (report) throws(StoreError) in try ids(&report) }
    step("original vectors", .records, &report) { (report) throws(StoreError) in
      try originals(&report)
    }
    step("property indexes", .propertyIndex, &report) { (report) throws(StoreError) in
      try propertyIndexes(&report)
    }
    step("sampled searches", .segment, &report) { (report) throws(StoreError) in
      try searches(&report)
    }
  }

  private func step(
    _ name: String, _ part: VerificationReport.Part, _ report: inout VerificationReport,
    _ body: (inout VerificationReport) throws(StoreError) -> Void
  ) {
    do throws(StoreError) {
      try body(&report)
    } catch {
      let place = error.location.map { " (\($0))" } ?? ""
      add(
        &report, part, "Checking \(name) failed: \(error.message)\(place)", code: error.code)
    }
  }

  // MARK: - Steps

  private func counts(_ report: inout VerificationReport) throws(StoreError) {
    let tables = collection.tables
    let expected = Int(clamping: collection.counters.objectCount)
    let objects = try tables.objects.count(in: transaction)
    let ids = try tables.ids.count(in: transaction)
    report.objects += objects
    if objects != expected || ids != expected {
      add(&report, .records, "\(expected) objects are counted, \(objects) stored, \(ids) listed")
    }
    var vectors = 0
    try collection.vectors?.forEachDocID(in: transaction) { _ in
      vectors += 1
      return true
    }
    let counted = Int(clamping: collection.counters.vectorCount)
    if vectors != counted {
      add(&report, .records, "\(counted) vectors are counted, \(vectors) stored")
    }
    // Of a segment that is not there nobody knows which rows are deleted.
    guard collection.segments.allSatisfy({ $0.handle != nil }) else { return }
    let searched =
      collection.segments.reduce(0) { $0 + $1.liveCount } + collection.tail.liveCount
    if searched != counted {
      add(&report, .segment, "\(counted) vectors are counted, \(searched) searched")
    }
  }

  private func deletes(_ report: inout VerificationReport) throws(StoreError) {
    var alive = 0
    let objects = collection.tables.objects
    try collection.tables.deleted.forEach(in: transaction) { (docID, _) throws(StoreError) in
      if try objects.objectID(of: docID, in: transaction) != nil { alive += 1 }
      return true
    }
    if alive > 0 {
      add(&report, .records, "\(alive) versions are both deleted and stored")
    }
  }

  private func propertyIndexes(_ report: inout VerificationReport) throws(StoreError) {
    let check = PropertyIndexCheck(collection: collection, transaction: transaction, deep: deep)
    for finding in try check.findings() { add(&report, .propertyIndex, finding) }
  }

  func add(
    _ report: inout VerificationReport, _ part: VerificationReport.Part, _ message: String,
    code: StoreError.Code = .corruption
  ) {
    let remedy = part.remedy(core.path)
    report.findings.append(
      .init(code: code, part: part, collection: collection.name, message: message, remedy: remedy))
  }
}
