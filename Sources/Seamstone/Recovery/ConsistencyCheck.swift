import ObjectStorage
import StorageIO
import VectorMath

/// Compares the databases of a collection with each other, with its counters and with its segments,
/// and lets a sample of vectors search for themselves.
struct ConsistencyCheck {
  let collection: CollectionState
  let transaction: ReadTransaction
  let contexts: SearchContextPool
  /// Whether to read every object and every original.
  let deep: Bool

  /// Vectors that search for themselves; more in a deep check.
  private var sampleSize: Int { deep ? 1_000 : 100 }
  /// The share of the sample that an index must find; exact scans find all.
  private static let selfRecallFloor = 0.95

  func run(_ report: inout VerificationReport) {
    let steps: [(String, (inout VerificationReport) throws(StoreError) -> Void)] = [
      ("counts", counts), ("delete records", deletes), ("objects", objects),
      ("original vectors", originals), ("property indexes", propertyIndexes),
      ("sampled searches", searches),
    ]
    for (name, step) in steps {
      do throws(StoreError) {
        try step(&report)
      } catch {
        add(&report, error.code, "Checking \(name) failed: \(error)")
      }
    }
  }

  // MARK: - Steps

  private func counts(_ report: inout VerificationReport) throws(StoreError) {
    let tables = collection.tables
    let expected = Int(collection.counters.objectCount)
    let objects = try tables.objects.count(in: transaction)
    let ids = try tables.ids.count(in: transaction)
    report.objects += objects
    if objects != expected || ids != expected {
      add(&report, .corruption, "\(expected) objects are counted, \(objects) stored, \(ids) listed")
    }
    var vectors = 0
    try collection.vectors?.forEachDocID(in: transaction) { _ in
      vectors += 1
      return true
    }
    let counted = Int(collection.counters.vectorCount)
    if vectors != counted {
      add(&report, .corruption, "\(counted) vectors are counted, \(vectors) stored")
    }
    let searched =
      collection.segments.reduce(0) { $0 + $1.liveCount } + collection.tail.liveCount
    if searched != counted {
      add(&report, .corruption, "\(counted) vectors are counted, \(searched) searched")
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
      add(&report, .corruption, "\(alive) versions are both deleted and stored")
    }
  }

  /// Every object must be listed under its id, and have the vector that it says it has.
  private func objects(_ report: inout VerificationReport) throws(StoreError) {
    guard deep else { return }
    var unlisted = 0
    var misnamed = 0
    var withVector = 0
    let tables = collection.tables
    try tables.objects.forEach(in: transaction) { (docID, object) throws(StoreError) in
      if try tables.ids.docID(for: object.id, in: transaction) != docID { unlisted += 1 }
      if object.hasVector { withVector += 1 }
      if let place = collection.segmentIndex(covering: docID),
        let id = collection.segments[place].handle?.objectID(of: docID), id != object.id
      {
        misnamed += 1
      }
      return true
    }
    if unlisted > 0 { add(&report, .corruption, "\(unlisted) objects are not listed by their id") }
    if misnamed > 0 {
      add(
        &report, .corruption, "Segments give \(misnamed) objects another id than they have",
        remedy: "Run `seamstone compact --full` to build the index again")
    }
    if withVector != Int(collection.counters.vectorCount) {
      add(
        &report, .corruption,
        "\(withVector) objects say they have a vector, "
          + "\(collection.counters.vectorCount) are counted")
    }
  }

  /// Reading an original verifies its checksums.
  private func originals(_ report: inout VerificationReport) throws(StoreError) {
    guard deep, let vectors = collection.vectors else { return }
    var broken = 0
    try unsafe vectors.forEach(in: transaction) { _, vector in
      for component in 0..<vectors.dimensions where unsafe !vector[component].isFinite {
        broken += 1
        break
      }
      return true
    }
    if broken > 0 { add(&report, .corruption, "\(broken) originals are not finite") }
  }

  private func propertyIndexes(_ report: inout VerificationReport) throws(StoreError) {
    let check = PropertyIndexCheck(collection: collection, transaction: transaction, deep: deep)
    for finding in try check.findings() {
      add(
        &report, .corruption, finding,
        remedy: "Drop the property index and create it again; searches without it are right")
    }
  }

  private func searches(_ report: inout VerificationReport) throws(StoreError) {
    let reader = CollectionReader(state: collection, transaction: transaction, contexts: contexts)
    let sample = try reader.sample(sampleSize, seed: collection.counters.nextDocID)
    var found = 0
    for object in sample {
      guard let vector = object.vector else { continue }
      let hits = try reader.hits(
        SearchRequest(vector: vector, limit: 1, ef: nil, filter: nil, isExact: false))
      let own = ExactDistance(metric: collection.configuration.metric, query: vector)
      let limit = unsafe vector.withUnsafeBufferPointer { row in
        unsafe row.baseAddress.map { unsafe own.distance(to: $0) } ?? 0
      }
      // By distance: a copy of the vector, or for dot a longer one, is as good an answer.
      if let best = hits.first, best.distance <= limit { found += 1 }
    }
    report.samples += sample.count
    if Double(found) < Double(sample.count) * Self.selfRecallFloor {
      add(
        &report, .corruption, "Only \(found) of \(sample.count) sampled vectors find themselves",
        remedy: "Run `seamstone compact --full` to build the index again")
    }
  }

  private func add(
    _ report: inout VerificationReport, _ code: StoreError.Code, _ message: String,
    remedy: String? = nil
  ) {
    report.findings.append(
      .init(code: code, collection: collection.name, message: message, remedy: remedy))
  }
}
