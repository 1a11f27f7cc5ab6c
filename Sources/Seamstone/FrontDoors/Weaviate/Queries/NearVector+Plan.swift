import ObjectStorage
import StorageIO
import VectorMath

extension NearVector {
  /// A checked query: what to ask of the index.
  struct Plan {
    /// The largest distance; nil for any.
    var bound: Float?
    /// Results wanted, those passed over included.
    var total: Int
    /// Whether everything inside the bound is wanted.
    var isUnlimited: Bool
  }

  func plan(metric: Metric) throws(StoreError) -> Plan {
    for (name, value) in [("offset", offset), ("autocut", autocut)] where value < 0 {
      throw StoreError(.invalidArgument, "\(name) is \(value)", remedy: "Give 0 or more")
    }
    let bound = try bound(metric: metric)
    guard let limit, limit >= 0 else {
      if let limit, bound == nil {
        throw StoreError(
          .invalidArgument, "The limit is \(limit), and there is no bound",
          remedy: "Give a limit of 1 or more, or a distance")
      }
      if bound != nil {
        guard offset < maximumResults else { throw exceeded(limit: nil) }
        return Plan(bound: bound, total: maximumResults, isUnlimited: true)
      }
      return try plan(limit: Self.defaultLimit, bound: bound)
    }
    return try plan(limit: limit, bound: bound)
  }

  /// The search that answers a plan.
  /// - Parameter id: The object that is left out of what it finds, if one is.
  func request(_ plan: Plan, where filter: Filter?, without id: ObjectID? = nil) -> SearchRequest {
    // One more than is wanted tells whether that was all.
    let probes = plan.bound == nil ? 0 : 1
    let (wanted, overflow) = plan.total.addingReportingOverflow(probes + (id == nil ? 0 : 1))
    return SearchRequest(
      vector: value, limit: overflow ? .max : wanted, probes: probes, ef: ef,
      filter: filter,
      isExact: exact || plan.isUnlimited)
  }

  private func plan(limit: Int, bound: Float?) throws(StoreError) -> Plan {
    let (total, overflow) = offset.addingReportingOverflow(limit)
    guard !overflow, total <= maximumResults else { throw exceeded(limit: limit) }
    guard total > 0 else {
      throw StoreError(
        .invalidArgument, "k must be greater than zero: offset and limit are both 0",
        remedy: "Give a limit of 1 or more")
    }
    return Plan(bound: bound, total: total, isUnlimited: false)
  }

  private func exceeded(limit: Int?) -> StoreError {
    StoreError(
      .invalidArgument,
      "query maximum results exceeded: offset \(offset)\(limit.map { " and limit \($0)" } ?? ""), at most "
        + "\(maximumResults) together",
      remedy: "Ask for less, or raise maximumResults")
  }

  private func bound(metric: Metric) throws(StoreError) -> Float? {
    guard let certainty else {
      guard let distance else { return nil }
      guard !distance.isNaN else {
        throw StoreError(.invalidArgument, "distance is not a number", remedy: "Give a number")
      }
      return distance
    }
    guard metric == .cosine else {
      throw StoreError(
        .invalidArgument,
        "can't compute and return certainty when vector index is configured with \(metric.rawValue) "
          + "distance",
        remedy: "Give a distance instead")
    }
    guard distance == nil else {
      throw StoreError(
        .invalidArgument, "distance and certainty exclude each other", remedy: "Give one of them")
    }
    guard (0...1).contains(certainty) else {
      throw StoreError(
        .invalidArgument, "certainty is \(certainty)", remedy: "Give a number from 0 to 1")
    }
    return Certainty.distance(certainty)
  }
}

/// Weaviate's measure of cosine distances: 1 for the same direction, 0 for the opposite one.
enum Certainty {
  /// 1 - d/2.
  static func certainty(_ distance: Float) -> Float { 1 - distance / 2 }

  /// 2 (1 - c).
  static func distance(_ certainty: Float) -> Float { 2 * (1 - certainty) }
}
