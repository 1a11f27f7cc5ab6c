/// The points that ``KMeans`` clusters.
///
/// - Note: `@unchecked Sendable` because nobody writes to the memory while it is clustered.
struct KMeansPoints: @unchecked Sendable {
  let base: UnsafePointer<Float>
  let count: Int
  let stride: Int
  let dimensions: Int

  subscript(index: Int) -> UnsafePointer<Float> { base + index * stride }

  /// `wanted` points drawn at random without replacement, one after the other in the result. Points equal
  /// to one already drawn are passed over as long as there seem to be others: they would only leave
  /// clusters empty.
  func draw(_ wanted: Int, seed: UInt64) -> [Float] {
    var random = SeededRandom(seed: seed)
    var order = (0..<count).map { UInt32(truncatingIfNeeded: $0) }
    var drawn: [Float] = []
    drawn.reserveCapacity(wanted * dimensions)
    var known = Set<[Float]>(minimumCapacity: wanted)
    var passedOver: [Int] = []
    var next = 0
    // Four times as many draws as centroids find others unless nearly all points are equal.
    while known.count < wanted, next < min(count, 4 * wanted + 64) {
      order.swapAt(next, next + random.below(count - next))
      let point = copy(Int(order[next]))
      if known.insert(point).inserted {
        drawn += point
      } else {
        passedOver.append(Int(order[next]))
      }
      next += 1
    }
    for index in passedOver.prefix(wanted - known.count) { drawn += copy(index) }
    return drawn
  }

  private func copy(_ index: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: self[index], count: dimensions))
  }
}
