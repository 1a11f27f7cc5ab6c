/// A point of a tree's space that stands for the rows around it.
struct TreeMean {
  var values: [Double]
  /// The coordinate beyond the vectors' own; dot only.
  var extra: Double

  /// Makes a mean of a sum.
  mutating func divide(by count: Double) {
    for index in values.indices { values[index] /= count }
    extra /= count
  }

  /// Scaled to length 1, seen from a point with that value in every component; `nil` for that point.
  func direction(from origin: Double) -> TreeMean? {
    var squares = extra * extra
    for value in values { squares += (value + origin) * (value + origin) }
    guard squares > 0, squares.isFinite else { return nil }
    let scale = 1 / squares.squareRoot()
    return TreeMean(values: values.map { ($0 + origin) * scale }, extra: extra * scale)
  }
}

extension Split {
  /// The plane between two points, halfway; `nil` where they are one.
  static func between(_ first: TreeMean, _ second: TreeMean, isWhole: Bool) -> Split? {
    guard var split = Split(from: second, to: first) else { return nil }
    let middle = zip(first.values, second.values).map { ($0 + $1) / 2 }
    let product = split.product(middle, extra: (first.extra + second.extra) / 2)
    split.threshold = isWhole ? product.rounded() : product
    return split
  }

  /// The plane through the origin between two directions; `nil` where they are one.
  static func betweenDirections(
    _ first: TreeMean, _ second: TreeMean, origin: Double, isWhole: Bool
  ) -> Split? {
    guard let first = first.direction(from: origin), let second = second.direction(from: origin),
      var split = Split(from: second, to: first)
    else { return nil }
    let product = 0 - origin * Double(split.sum)
    split.threshold = isWhole ? product.rounded() : product
    return split
  }

  private init?(from second: TreeMean, to first: TreeMean) {
    self.init(
      normal: zip(first.values, second.values).map { $0 - $1 }, extra: first.extra - second.extra)
  }
}
