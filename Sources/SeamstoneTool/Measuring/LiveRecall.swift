import Seamstone

/// Compares index answers with exact search on a sample of the live data: no truth file needed.
struct LiveRecall {
  let collection: Collection
  let limit: Int
  let ef: Int?

  /// What was measured.
  struct Outcome {
    var queries = 0
    var recall = 1.0
    /// Median time of a query by the index, in microseconds.
    var indexMicroseconds = 0.0
    /// Median time of a query by exact search, in microseconds.
    var exactMicroseconds = 0.0
  }

  /// Searches near each of `queries`. A query that is itself an object of the collection does not
  /// count among its own neighbours. An answer is right when it is not farther than the last true one.
  func run(
    _ queries: [(id: ObjectID?, vector: VectorValue)], progress: (Double) -> Void = { _ in }
  ) throws -> Outcome {
    var outcome = Outcome()
    var right = 0
    var possible = 0
    var indexTimes: [UInt64] = []
    var exactTimes: [UInt64] = []
    for (id, vector) in queries {
      let wanted = id == nil || limit == .max ? limit : limit + 1
      let start = Clock.now()
      let found = try collection.searchIDs(near: vector, limit: wanted, ef: ef)
      let middle = Clock.now()
      let truth = try collection.searchIDs(near: vector, limit: wanted, exact: true)
      exactTimes.append(Clock.now() &- middle)
      indexTimes.append(middle &- start)
      let best = truth.filter { $0.id != id }.prefix(limit)
      let answers = found.filter { $0.id != id }.prefix(limit)
      if let worst = best.last?.distance {
        right += answers.count { $0.distance <= worst }
        possible += best.count
      }
      outcome.queries += 1
      progress(Double(outcome.queries) / Double(queries.count))
    }
    if possible > 0 { outcome.recall = Double(right) / Double(possible) }
    outcome.indexMicroseconds = LiveRecall.median(indexTimes)
    outcome.exactMicroseconds = LiveRecall.median(exactTimes)
    return outcome
  }

  private static func median(_ times: [UInt64]) -> Double {
    times.isEmpty ? 0 : Double(times.sorted()[times.count / 2]) / 1_000
  }
}
