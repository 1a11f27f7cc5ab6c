import StorageIO
import VectorMath

/// Chooses the centroids of a segment: those that the collection has, if they suit its rows, or else new ones.
struct IVFTrainer {
  let parameters: IVFParameters
  let metric: Metric
  let dimensions: Int
  /// Whether the source has packed bits.
  let holdsBits: Bool
  let team: ThreadTeam
  let isCancelled: @Sendable () -> Bool

  /// Above so many lists their centroids are grouped: comparing a query with all of them would take as long as a search.
  static let mostUngrouped = 4_096

  /// The centroids for a source's rows; `nil` when no row is left.
  func centroids(
    _ source: any VectorSource, known: IVFCentroids?
  ) throws(StoreError) -> IVFCentroids? {
    let wanted = parameters.resolvedLists(rows: source.docIDs.count)
    if holdsBits { return try bitCentroids(source, known: known, lists: wanted) }
    let sample = try TrainingSample(
      source, dimensions: dimensions, limit: CoarseSpace.sampleRows, seed: parameters.seed,
      least: 1, checkCancelled: { () throws(StoreError) in try checkCancelled() })
    if let known, mayServe(known, lists: wanted), sample.count > 0 {
      var points = CodePoints(dimensions: known.space.coarseDimensions)
      points.append(sample, known.space, limit: sample.count)
      if suits(known, points) { return known }
    }
    guard let space = CoarseSpace(sample, metric: metric) else { return nil }
    var points = CodePoints(dimensions: space.coarseDimensions)
    let limit = parameters.trainingRows(lists: wanted)
    if limit <= sample.count || sample.count >= source.docIDs.count {
      points.append(sample, space, limit: limit)
    } else {
      try points.append(source, space, limit: limit, seed: parameters.seed) {
        () throws(StoreError) in try checkCancelled()
      }
    }
    return try train(points, space, lists: wanted)
  }

  /// The same for packed bits, which need no means and no range.
  private func bitCentroids(
    _ source: any VectorSource, known: IVFCentroids?, lists: Int
  ) throws(StoreError) -> IVFCentroids? {
    let space = CoarseSpace(bits: dimensions)
    func points(_ limit: Int) throws(StoreError) -> CodePoints {
      var points = CodePoints(dimensions: space.coarseDimensions)
      // What was drawn may have vanished, all of it.
      for limit in [limit, source.docIDs.count] where points.count == 0 {
        try points.append(source, space, limit: limit, seed: parameters.seed) {
          () throws(StoreError) in try checkCancelled()
        }
      }
      return points
    }
    if let known, mayServe(known, lists: lists) {
      let sample = try points(CoarseSpace.sampleRows)
      if sample.count == 0 { return nil }
      if suits(known, sample) { return known }
    }
    return try train(points(parameters.trainingRows(lists: lists)), space, lists: lists)
  }

  private func train(
    _ points: CodePoints, _ space: CoarseSpace, lists: Int
  ) throws(StoreError) -> IVFCentroids? {
    var points = points
    points.shuffle(seed: SeededRandom.mix(parameters.seed, 1))
    let stride = RowLayout.stride(bytes: space.coarseDimensions)
    guard let means = try means(points, lists, parameters.seed) else { return nil }
    var centers = means.centers
    var groupCodes: [UInt8] = []
    var groupStarts: [UInt32] = []
    let count = centers.count / space.coarseDimensions
    if count > Self.mostUngrouped {
      (centers, groupCodes, groupStarts) = try group(centers, space.coarseDimensions)
    }
    let figures = figures(of: points, centers: centers)
    return IVFCentroids(
      parameters: parameters, space: space,
      codes: Self.padded(centers, space.coarseDimensions, stride),
      groupCodes: Self.padded(groupCodes, space.coarseDimensions, stride),
      groupStarts: groupStarts, training: figures)
  }

  private func means(
    _ points: CodePoints, _ count: Int, _ seed: UInt64
  ) throws(StoreError) -> CodeMeans? {
    let trained = CodeMeans.train(
      points, centers: count, seed: seed, isCancelled: isCancelled, parallel: parallel)
    try checkCancelled()
    return trained
  }

  /// Puts centroids that are near each other side by side.
  private func group(
    _ centers: [UInt8], _ dimensions: Int
  ) throws(StoreError) -> (centers: [UInt8], groups: [UInt8], starts: [UInt32]) {
    var points = CodePoints(dimensions: dimensions)
    let count = centers.count / dimensions
    for center in 0..<count {
      points.append(centers[center * dimensions..<(center + 1) * dimensions])
    }
    let wanted = Int(Double(count).squareRoot())
    guard let means = try means(points, wanted, parameters.seed) else { return (centers, [], []) }
    let nearest = assign(points, means.centers).found
    let order = (0..<count).sorted { (nearest[$0], $0) < (nearest[$1], $1) }
    var ordered: [UInt8] = []
    ordered.reserveCapacity(centers.count)
    var starts: [UInt32] = []
    for (place, center) in order.enumerated() {
      while starts.count <= Int(nearest[center]) { starts.append(UInt32(place)) }
      ordered += centers[center * dimensions..<(center + 1) * dimensions]
    }
    while starts.count <= wanted { starts.append(UInt32(count)) }
    return (ordered, means.centers, starts)
  }

  /// Whether centroids are of the kind that is wanted, and as many.
  private func mayServe(_ known: IVFCentroids, lists: Int) -> Bool {
    known.parameters == parameters && known.space.metric == metric
      && known.space.dimensions == dimensions && known.space.holdsBits == holdsBits
      && known.count * 2 >= lists
  }

  /// Whether centroids may serve a segment with rows as in the sample.
  private func suits(_ known: IVFCentroids, _ points: CodePoints) -> Bool {
    let dense = Self.dense(known.codes, known.space.coarseDimensions, known.stride)
    return !known.training.isStale(figures(of: points, centers: dense))
  }

  private func figures(of points: CodePoints, centers: [UInt8]) -> ListFigures {
    let (found, distances) = assign(points, centers)
    var members = [Int](repeating: 0, count: centers.count / points.dimensions)
    for list in found { members[Int(list)] += 1 }
    var sum = 0.0
    for (index, distance) in distances.enumerated() {
      sum += Double(Int64(distance) + points.square(index))
    }
    return ListFigures(members: members, distances: sum)
  }

  private func assign(_ points: CodePoints, _ centers: [UInt8]) -> (found: [UInt32], [Int32]) {
    let centers = CodeCenters(
      rows: centers, stride: points.dimensions, dimensions: points.dimensions)
    let chunk = 2_048
    let found = ThreadResults<UInt32>(points.count)
    let distances = ThreadResults<Int32>(points.count)
    team.forEachChunk(of: points.count, size: chunk) { _, range in
      points.codes.withUnsafeBufferPointer { codes in
        guard let base = codes.baseAddress else { return }
        centers.nearest(
          points: base + range.lowerBound * points.stride, stride: points.stride,
          count: range.count, found: found.base + range.lowerBound,
          distances: distances.base + range.lowerBound)
      }
    }
    return (found.array, distances.array)
  }

  private func parallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    team.forEachChunk(of: count, size: 1) { _, range in for index in range { body(index) } }
  }

  private func checkCancelled() throws(StoreError) {
    if isCancelled() { throw StoreError(.cancelled, "training was cancelled") }
  }

  /// Rows with as many zeroes behind each as the stride asks for.
  private static func padded(_ rows: [UInt8], _ dimensions: Int, _ stride: Int) -> [UInt8] {
    var padded: [UInt8] = []
    padded.reserveCapacity(rows.count / dimensions * stride)
    for start in Swift.stride(from: 0, to: rows.count, by: dimensions) {
      padded += rows[start..<start + dimensions]
      padded.append(contentsOf: repeatElement(0, count: stride - dimensions))
    }
    return padded
  }

  /// The opposite.
  private static func dense(_ rows: [UInt8], _ dimensions: Int, _ stride: Int) -> [UInt8] {
    var dense: [UInt8] = []
    for start in Swift.stride(from: 0, to: rows.count, by: stride) {
      dense += rows[start..<start + dimensions]
    }
    return dense
  }
}
