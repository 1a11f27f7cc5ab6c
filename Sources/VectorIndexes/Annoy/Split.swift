/// A way to divide some rows, while a tree is built.
struct Split {
  /// The plane's normal in signed bytes −127...127, one for each component; empty for one that has no plane.
  var plane: [Int8] = []
  /// The normal's coordinate beyond the vectors' own; dot only.
  var extra: Double = 0
  /// Rows whose product with the plane is greater lie on the right. In the units of the space it was made in.
  var threshold: Double = 0
  /// The component that decides where there is no plane.
  var component = 0

  /// Quantises a normal; `nil` for one without a direction.
  init?(normal: [Double], extra: Double = 0) {
    var largest = 0.0
    for value in normal { largest = max(largest, abs(value)) }
    guard largest > 0, largest.isFinite else { return nil }
    let scale = 127 / largest
    plane = normal.map { Int8(max(-127, min(127, ($0 * scale).rounded()))) }
    // A normal that hardly points along the vectors' own components divides by their lengths alone.
    let limit = Double(Int16.max)
    self.extra = max(-limit, min(limit, (extra * scale).rounded()))
  }

  /// Divides at a value of one component.
  init(component: Int, threshold: Double) {
    self.component = component
    self.threshold = threshold
  }

  /// Σ wᵢ.
  var sum: Int { plane.reduce(0) { $0 + Int($1) } }

  /// The length of the normal, with its extra coordinate.
  var length: Double {
    var squares = 0
    for value in plane { squares += Int(value) * Int(value) }
    return (Double(squares) + extra * extra).squareRoot()
  }

  /// Σ wᵢ xᵢ of a point given in the space's units.
  func product(_ point: [Double], extra coordinate: Double) -> Double {
    var product = extra * coordinate
    for (weight, value) in zip(plane, point) { product += Double(weight) * value }
    return product
  }
}
