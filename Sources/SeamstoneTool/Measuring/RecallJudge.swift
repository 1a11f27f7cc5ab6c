import Seamstone
import VectorFiles
import VectorMath

/// Compares answers with the truth by distance, so that ties never count against an answer.
struct RecallJudge {
  let collection: Collection
  let metric: Metric
  let queries: [VectorValue]
  let truth: IntegerRows
  let limit: Int
  /// The id of row 0.
  let firstID: Int64
  /// Where the originals of the truth's rows are; nil: in the collection.
  let base: OriginalsFile?

  /// The share of right answers of each sweep point.
  ///
  /// All distances, of the truth and of the answers, are computed here from the originals by the
  /// same rule: what the index returned as a distance plays no part.
  func recalls(of points: [[[ObjectID]]]) throws -> [Double] {
    var right = [Int](repeating: 0, count: points.count)
    var possible = 0
    for (number, query) in queries.enumerated() {
      guard let row = truth.row(number)?.prefix(limit) else { continue }
      var known: [ObjectID: Float] = [:]
      let exact = ExactDistance(metric: metric, query: query)
      var worst = -Float.infinity
      for neighbour in row {
        let (place, overflow) = firstID.addingReportingOverflow(Int64(neighbour))
        let id = ObjectID.int(place)
        guard !overflow, let distance = try distance(id, exact) else { throw missing(id, number) }
        known[id] = distance
        worst = max(worst, distance)
      }
      possible += limit
      for (point, answers) in points.enumerated() {
        for id in Set(answers[number].prefix(limit)) {
          if known[id] == nil { known[id] = try self.distance(id, exact) ?? .infinity }
          if let distance = known[id], distance <= worst { right[point] += 1 }
        }
      }
    }
    return right.map { Double($0) / Double(max(possible, 1)) }
  }

  private func distance(_ id: ObjectID, _ exact: ExactDistance) throws -> Float? {
    let original: VectorValue?
    if let base, case .int(let number) = id {
      let (row, overflow) = number.subtractingReportingOverflow(firstID)
      original = overflow ? nil : try base.vector(Int(row))
    } else {
      original = try collection.get(id)?.value
    }
    guard let original, original.dimensions == exact.dimensions,
      (original.elementType == .bits) == (exact.bits != nil)
    else { return nil }
    return unsafe original.withUnsafeBytes { vector in
      unsafe vector.baseAddress.map { unsafe exact.distance(toUnaligned: $0) }
    }
  }

  private func missing(_ id: ObjectID, _ query: Int) -> ToolError {
    ToolError(
      .badData, "The truth of query \(query) names \(id), which the collection does not have",
      remedy: "Use the truth that belongs to this data; --start-id shifts its row numbers")
  }
}
