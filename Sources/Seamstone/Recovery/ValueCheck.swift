import ObjectStorage
import StorageIO

/// Compares every value of a collection with its checksum and form, and names those that are damaged by table, key and
/// object. Needs nothing but the tables, so it works where the store cannot be opened.
struct ValueCheck {
  let path: String
  /// The collection's name.
  let name: String
  let tables: CollectionTables
  let vectors: VectorTable?
  let transaction: ReadTransaction

  /// Findings that are spelled out.
  private static let mostSpelledOut = 1_000

  func run(_ report: inout VerificationReport) throws(StoreError) {
    var damaged: [DamagedValue] = []
    var count = 0
    try tables.audit(vectors: vectors, in: transaction) { value in
      count += 1
      if damaged.count < Self.mostSpelledOut { damaged.append(value) }
    }
    if count == 0 { return }
    let ids = objectIDs(of: Set(damaged.compactMap(\.docID)))
    for value in damaged {
      let owner = value.docID.flatMap { ids[$0] }.map { ", object \($0)" } ?? ""
      add(
        &report, value.table.hasSuffix(".postings") ? .propertyIndex : .records,
        "The value of key \(value.key) in \(value.table)\(owner) is damaged: \(value.reason)")
    }
    if count > damaged.count {
      add(&report, .records, "\(count - damaged.count) more values are damaged")
    }
  }

  /// The ids of objects whose records may be damaged, as the ids know them.
  private func objectIDs(of docIDs: Set<UInt64>) -> [UInt64: ObjectID] {
    var found: [UInt64: ObjectID] = [:]
    // Where the ids are damaged, too, those read so far have to do.
    try? tables.ids.forEach(in: transaction) { id, docID in
      if docIDs.contains(docID) { found[docID] = id }
      return true
    }
    return found
  }

  private func add(
    _ report: inout VerificationReport, _ part: VerificationReport.Part, _ message: String
  ) {
    report.findings.append(
      .init(
        code: .corruption, part: part, collection: name, message: message,
        remedy: part.remedy(path)))
  }
}
