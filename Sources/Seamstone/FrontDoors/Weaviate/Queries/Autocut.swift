/// Where a list of distances, closest first, jumps.
///
/// The distances are scaled to 0...1 by the first and the last, and compared with the straight line between
/// these two: a point that lies farther above the line than its neighbours is the end of a jump.
enum Autocut {
  /// How many results come before the `jumps`-th jump; all where there are fewer jumps, or for 0.
  static func count(_ distances: [Float], jumps: Int) -> Int {
    guard jumps > 0, distances.count > 1, let first = distances.first, let last = distances.last
    else { return distances.count }
    let steps = Float(distances.count - 1)
    // Equal distances have no jump: dividing by zero gives what compares as false.
    let heights = distances.enumerated().map { index, distance in
      (distance - first) / (last - first) - Float(index) / steps
    }
    var found = 0
    for index in heights.indices.dropFirst() {
      let isLast = index == heights.count - 1
      if isLast, index < 2 { break }
      let neighbour = isLast ? heights[index - 2] : heights[index + 1]
      guard heights[index] > heights[index - 1], heights[index] > neighbour else { continue }
      found += 1
      if found == jumps { return index }
    }
    return distances.count
  }
}
