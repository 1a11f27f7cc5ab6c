import ObjectStorage
import StorageIO

/// Reads the terms of one index that a condition asks for, and gathers the objects that have them.
struct TermScan {
  /// What is known of the objects that have a term.
  enum Verdict { case match, open, none, end }

  let encoder: TermEncoder
  let postings: PostingTable
  let transaction: ReadTransaction
  private(set) var budget: Int
  private var matching = DocIDSetBuilder()
  private var open = DocIDSetBuilder()
  /// Whether the budget was used up before the end.
  private var isCut = false

  init(
    encoder: TermEncoder, postings: PostingTable, transaction: ReadTransaction, budget: Int
  ) {
    self.encoder = encoder
    self.postings = postings
    self.transaction = transaction
    self.budget = budget
  }

  var bounds: FilterBounds {
    let lower = matching.finish()
    if isCut { return FilterBounds(lower: lower, upper: .everything, isExact: false) }
    if open.isEmpty { return .exactly(lower) }
    return FilterBounds(lower: lower, upper: lower.union(open.finish()), isExact: false)
  }

  // MARK: - One term

  /// The objects that have a term without a value.
  mutating func term(_ kind: TermKind) throws(StoreError) { try term(encoder.start(kind)) }

  mutating func term(_ bytes: [UInt8], isOpen: Bool = false) throws(StoreError) {
    if isOpen {
      try postings.collect(bytes, into: &open, in: transaction)
    } else {
      try postings.collect(bytes, into: &matching, in: transaction)
    }
  }

  // MARK: - Many terms

  /// Judges the terms of a kind by their values, in order, from the first on whose value is not before
  /// `start`.
  mutating func scan(
    _ kind: TermKind, from start: [UInt8] = [], _ judge: (UnsafeRawBufferPointer) -> Verdict
  ) throws(StoreError) {
    let prefix = encoder.start(kind)
    var last: [UInt8] = []
    var verdict = Verdict.none
    let postings = postings
    try unsafe postings.forEachRecord(
      from: prefix + start, in: transaction
    ) { (term, block, payload) throws(StoreError) in
      guard unsafe term.starts(with: prefix) else { return false }
      if budget <= 0 {
        isCut = true
        return false
      }
      budget -= 1
      // A frequent value has many blocks, one after the other.
      if unsafe !term.elementsEqual(last) || last.isEmpty {
        last = unsafe Array(term)
        verdict = unsafe judge(UnsafeRawBufferPointer(rebasing: term[prefix.count...]))
      }
      switch verdict {
      case .match: try unsafe postings.add(block, payload, term, to: &matching)
      case .open: try unsafe postings.add(block, payload, term, to: &open)
      case .none: break
      case .end: return false
      }
      return true
    }
  }
}
