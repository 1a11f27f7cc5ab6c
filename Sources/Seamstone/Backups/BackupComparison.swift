import ObjectStorage
import StorageIO
import SystemPackage

/// Compares what a backup answers with what the store answers.
///
/// The backup is of a version between two snapshots. If nothing was committed between them, its answers are theirs
/// to the last bit; else the objects that neither snapshot saw changed must be in it, and find themselves.
struct BackupComparison {
  let before: Snapshot
  let after: Snapshot
  let backup: FilePath

  /// Objects of each collection that are compared.
  private static let sampleSize = 50
  private static let limit = 10

  func run(_ report: inout VerificationReport) throws(StoreError) {
    var options = StoreOptions()
    options.readOnly = true
    options.createIfMissing = false
    options.backgroundWork = .manual
    let store = try Store.open(at: backup, options: options)
    defer { store.close() }
    let copy = try store.snapshot()
    defer { copy.close() }
    let isSameVersion = before.version == copy.version
    for name in before.collectionNames {
      // Dropped meanwhile.
      guard after.collectionNames.contains(name) else { continue }
      guard copy.collectionNames.contains(name) else {
        add(&report, name, "The collection is not in the backup")
        continue
      }
      let original = try before.collection(name)
      let copied = try copy.collection(name)
      if isSameVersion {
        try compareAnswers(original, copied, &report)
      } else {
        try compareObjects(original, try after.collection(name), copied, &report)
      }
    }
  }

  private func compareAnswers(
    _ original: CollectionSnapshot, _ copied: CollectionSnapshot,
    _ report: inout VerificationReport
  ) throws(StoreError) {
    if try original.count() != copied.count() {
      add(&report, original.name, "The backup has another number of objects")
    }
    for object in try sample(of: original) {
      report.samples += 1
      guard try copied.get(object.id) == object else {
        add(&report, original.name, "Object \(object.id) is another in the backup")
        continue
      }
      guard let vector = object.value else { continue }
      let wanted = try original.search(near: vector, limit: Self.limit, exact: true)
      let found = try copied.search(near: vector, limit: Self.limit, exact: true)
      let approximate = try copied.search(near: vector, limit: Self.limit)
      if wanted != found || approximate.count != wanted.count {
        add(&report, original.name, "A search near object \(object.id) answers otherwise")
      }
    }
  }

  private func compareObjects(
    _ first: CollectionSnapshot, _ second: CollectionSnapshot, _ copied: CollectionSnapshot,
    _ report: inout VerificationReport
  ) throws(StoreError) {
    for object in try sample(of: first) {
      // The same DocID: it has the same vector in every version between.
      guard let docID = try docID(of: object.id, in: first),
        try self.docID(of: object.id, in: second) == docID
      else { continue }
      report.samples += 1
      guard try copied.get(object.id)?.value == object.value else {
        add(&report, first.name, "Object \(object.id) is not in the backup, or has another vector")
        continue
      }
      guard let vector = object.value else { continue }
      if try copied.search(near: vector, limit: 1).isEmpty {
        add(&report, first.name, "A search near object \(object.id) finds nothing")
      }
    }
  }

  private func sample(of collection: CollectionSnapshot) throws(StoreError) -> [VectorObject] {
    try collection.read { (reader) throws(StoreError) in
      try reader.sample(Self.sampleSize, seed: before.version)
    }
  }

  private func docID(
    of id: ObjectID, in collection: CollectionSnapshot
  ) throws(StoreError) -> UInt64? {
    try collection.read { (reader) throws(StoreError) in
      try reader.state.tables.ids.docID(for: id, in: reader.transaction)
    }
  }

  private func add(
    _ report: inout VerificationReport, _ collection: String, _ message: String
  ) {
    report.findings.append(
      .init(
        code: .corruption, part: .records, collection: collection, message: message,
        remedy: "Make a backup to another directory: `seamstone backup STORE DEST --verify`"))
  }
}
