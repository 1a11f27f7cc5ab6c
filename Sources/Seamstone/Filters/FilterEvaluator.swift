import ObjectStorage
import StorageIO

/// Answers filters from property indexes, as far as they go.
struct FilterEvaluator {
  let indexes: PropertyIndexRecord
  let postings: PostingTable
  let transaction: ReadTransaction
  /// How many records of the indexes may still be read. A range over very many different values is
  /// given up when they are used up: its bounds are then wide, and never wrong.
  private(set) var budget: Int

  init(
    indexes: PropertyIndexRecord, postings: PostingTable, transaction: ReadTransaction, budget: Int
  ) {
    self.indexes = indexes
    self.postings = postings
    self.transaction = transaction
    self.budget = budget
  }

  mutating func bounds(of filter: Filter) throws(StoreError) -> FilterBounds {
    switch filter {
    case .and(let filters):
      var bounds = FilterBounds.exactly(.everything)
      for part in FilterEvaluator.cheapestFirst(filters) {
        bounds = bounds.intersection(try self.bounds(of: part))
        if bounds.upper.isEmpty { return .exactly(.empty) }
      }
      return bounds
    case .or(let filters):
      var bounds = FilterBounds.exactly(.empty)
      for part in filters { bounds = bounds.union(try self.bounds(of: part)) }
      return bounds
    case .not(let filter): return try bounds(of: filter).complement
    case .compare(let path, .notEqual, let value):
      return try bounds(of: .compare(path, .equal, value)).complement
    case .compareDate(let path, .notEqual, let moment):
      return try bounds(of: .compareDate(path, .equal, moment)).complement
    case .containsAll(let path, let values):
      return try bounds(of: .and(values.map { .compare(path, .equal, $0) }))
    case .isNull(let path), .compare(let path, .equal, .null):
      guard let scan = scan(path) else { return .unknown }
      return try finish(scan) { (scan) throws(StoreError) in try scan.term(.presence) }.complement
    case .compare(let path, let comparison, let value):
      return try leaf(path) { (scan) throws(StoreError) in
        if comparison == .equal {
          try scan.equal(value)
        } else {
          try scan.compare(comparison, value)
        }
      }
    case .compareDate(let path, let comparison, let moment):
      return try leaf(path) { (scan) throws(StoreError) in try scan.compare(comparison, moment) }
    case .in(let path, let values):
      let bounds = try leaf(path) { (scan) throws(StoreError) in
        for value in values where value != .null { try scan.equal(value) }
      }
      return values.contains(.null) ? bounds.union(try self.bounds(of: .isNull(path))) : bounds
    case .contains(let path, let value):
      return try leaf(path) { (scan) throws(StoreError) in try scan.contains(value) }
    case .like(let path, let pattern):
      return try leaf(path) { (scan) throws(StoreError) in try scan.like(pattern) }
    }
  }

  private func scan(_ path: PropertyPath) -> TermScan? {
    guard let entry = indexes.entry(path), entry.isComplete else { return nil }
    return TermScan(
      encoder: entry.encoder, postings: postings, transaction: transaction, budget: budget)
  }

  private mutating func leaf(
    _ path: PropertyPath, _ body: (inout TermScan) throws(StoreError) -> Void
  ) throws(StoreError) -> FilterBounds {
    guard let scan = scan(path) else { return .unknown }
    return try finish(scan, body)
  }

  private mutating func finish(
    _ scan: TermScan, _ body: (inout TermScan) throws(StoreError) -> Void
  ) throws(StoreError) -> FilterBounds {
    var scan = scan
    try body(&scan)
    budget = scan.budget
    return scan.bounds
  }

  /// The parts of a conjunction with those first that one look-up answers: where nothing is left after
  /// them, the others need not be looked at.
  private static func cheapestFirst(_ filters: [Filter]) -> [Filter] {
    func cost(_ filter: Filter) -> Int {
      switch filter {
      case .compare(_, .equal, _), .compare(_, .notEqual, _), .isNull, .in, .containsAll: 0
      case .not(let inner): cost(inner)
      case .compare, .compareDate: 1
      case .and, .or: 2
      case .contains, .like: 3
      }
    }
    return filters.enumerated()
      .sorted { (cost($0.element), $0.offset) < (cost($1.element), $1.offset) }
      .map(\.element)
  }
}
