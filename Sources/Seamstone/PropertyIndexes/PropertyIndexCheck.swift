import ObjectStorage
import StorageIO

/// Compares the property indexes of a collection with its objects.
///
/// Both sides are summed up: a hash of each pair of term and DocID, added without order. Equal sums and
/// counts mean equal pairs, and neither side has to be held in memory or looked up in the other.
struct PropertyIndexCheck {
  /// What one side says about an index.
  private struct Sum: Equatable {
    var pairs = 0
    var hash: UInt64 = 0

    mutating func add(_ term: UInt64, _ docID: UInt64) {
      pairs += 1
      hash &+= ContentHash.mix(term ^ ContentHash.mix(docID))
    }
  }

  let collection: CollectionState
  let transaction: ReadTransaction
  /// Whether to read every object.
  let deep: Bool

  /// What is wrong, in sentences. Reading verifies the checksums of all records.
  func findings() throws(StoreError) -> [String] {
    guard let postings = collection.tables.postings else { return [] }
    var findings: [String] = []
    var sums: [UInt32: Sum] = [:]
    var strange = 0
    try unsafe postings.forEachRecord(from: [0], in: transaction) {
      (term, block, payload) throws(StoreError) in
      guard let number = unsafe PropertyIndexCheck.number(of: term) else {
        strange += 1
        return true
      }
      let hash = unsafe PropertyIndexCheck.hash(term)
      for docID in try unsafe postings.members(block, payload, term) {
        sums[number, default: Sum()].add(hash, docID)
      }
      return true
    }
    if strange > 0 { findings.append("\(strange) records of property indexes have no meaning") }
    let entries = collection.propertyIndexes.entries
    for number in sums.keys.sorted() where !entries.contains(where: { $0.number == number }) {
      findings.append("There are records of property index \(number), which does not exist")
    }
    guard deep else { return findings }
    let expected = try expectedSums()
    for entry in entries where !entry.isDropped {
      let found = sums[entry.number] ?? Sum()
      let wanted = expected[entry.number] ?? Sum()
      if found == wanted { continue }
      let numbers =
        found.pairs == wanted.pairs
        ? "names other objects than those that have its values"
        : "has \(found.pairs) entries, the objects ask for \(wanted.pairs)"
      findings.append("The index on \(entry.path) \(numbers)")
    }
    return findings
  }

  private func expectedSums() throws(StoreError) -> [UInt32: Sum] {
    var sums: [UInt32: Sum] = [:]
    let entries = collection.propertyIndexes.entries.filter { !$0.isDropped }
    try collection.tables.objects.forEach(in: transaction) { docID, object in
      for entry in entries where docID <= entry.coveredThrough {
        for term in entry.encoder.terms(of: object.properties, id: object.id, at: entry.path) {
          sums[entry.number, default: Sum()].add(
            unsafe term.withUnsafeBytes { unsafe PropertyIndexCheck.hash($0) }, docID)
        }
      }
      return true
    }
    return sums
  }

  private static func hash(_ term: UnsafeRawBufferPointer) -> UInt64 {
    var hash = ContentHash()
    unsafe hash.update(term)
    return hash.finish().0
  }

  /// The index that a term belongs to; nil if there is no such term.
  private static func number(of term: UnsafeRawBufferPointer) -> UInt32? {
    guard let number = unsafe TermEncoder.index(of: term),
      unsafe TermKind(rawValue: term[4]) != nil
    else { return nil }
    return number
  }
}
