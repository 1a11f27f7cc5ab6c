import VectorMath

/// A space that planes divide: halfway between the means of two groups of rows, as Annoy does it (Bernhardsson,
/// "Annoy", 2013), but with planes of signed bytes.
protocol PlaneSpace: TreeSpace {
  var dimensions: Int { get }
  /// Whether planes go through the origin: cosine and dot know directions only.
  var isAngular: Bool { get }
  /// Where zero is in the space's units.
  var origin: Double { get }
  /// Whether products with planes are whole numbers.
  var isWhole: Bool { get }
  var tuning: TreeTuning { get }

  /// A row as a point.
  func point(_ row: UInt32) -> TreeMean
  /// Adds a row to sums of components; returns its extra coordinate.
  func add(_ row: UInt32, to sums: inout [Double]) -> Double
  /// Writes the keys of the first `count` sampled rows to a mean; `query` is memory for it.
  func measure(
    _ mean: TreeMean, _ count: Int, _ query: UnsafeMutableRawPointer, _ scratch: TreeScratch,
    into keys: UnsafeMutablePointer<UInt32>)
}

extension PlaneSpace {
  var planeStride: Int { RowLayout.denseStride(bytes: dimensions) }

  func propose(
    _ rows: UnsafeBufferPointer<UInt32>, _ random: inout SeededRandom, _ scratch: TreeScratch
  ) -> Split? {
    let (first, second) = means(rows, &random, scratch)
    return isAngular
      ? Split.betweenDirections(first, second, origin: origin, isWhole: isWhole)
      : Split.between(first, second, isWhole: isWhole)
  }

  /// Two rows at random, moved to the middle of what is nearer to them of a sample.
  private func means(
    _ rows: UnsafeBufferPointer<UInt32>, _ random: inout SeededRandom, _ scratch: TreeScratch
  ) -> (first: TreeMean, second: TreeMean) {
    let a = random.below(rows.count)
    var b = random.below(rows.count - 1)
    if b >= a { b += 1 }
    var means = (first: point(rows[a]), second: point(rows[b]))
    let count = tuning.sampleRows(of: rows.count)
    for index in 0..<count { scratch.sample[index] = rows[random.below(rows.count)] }
    for _ in 0..<tuning.rounds {
      measure(means.first, count, scratch.first, scratch, into: scratch.keys)
      measure(means.second, count, scratch.second, scratch, into: scratch.otherKeys)
      guard let moved = middles(count, scratch) else { break }
      means = moved
    }
    return means
  }

  /// The middles of what is nearer to the one and to the other; `nil` where nothing is nearer to one of them.
  private func middles(
    _ count: Int, _ scratch: TreeScratch
  ) -> (first: TreeMean, second: TreeMean)? {
    var first = TreeMean(values: [Double](repeating: 0, count: dimensions), extra: 0)
    var second = first
    var nearer = 0
    for index in 0..<count {
      let row = scratch.sample[index]
      if scratch.keys[index] <= scratch.otherKeys[index] {
        first.extra += add(row, to: &first.values)
        nearer += 1
      } else {
        second.extra += add(row, to: &second.values)
      }
    }
    guard nearer > 0, nearer < count else { return nil }
    first.divide(by: Double(nearer))
    second.divide(by: Double(count - nearer))
    return (first, second)
  }
}
