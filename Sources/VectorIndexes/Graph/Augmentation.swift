import VectorMath

/// One more coordinate for each row, sqrt(M² - ‖x‖²) with M the largest norm: all rows then have the
/// same norm, and the largest dot product with a query (whose coordinate is 0) is the nearest
/// neighbour (Bachrach et al., 2014). It can be √d times larger than any other coordinate, so it is
/// kept outside the codes.
enum Augmentation: @unchecked Sendable {
  // Sendable: the arrays are written before the searches start.

  case none
  /// In units of one code step.
  case integers(UnsafePointer<Int32>)
  /// In the vectors' own units.
  case floats(UnsafePointer<Float>)

  /// Adds the squared difference of the extra coordinate to squared-L2 keys.
  func add(
    from node: UInt32, to ordinals: UnsafePointer<UInt32>, count: Int,
    keys: UnsafeMutablePointer<UInt32>
  ) {
    switch self {
    case .none: return
    case .integers(let values):
      let own = Int64(values[Int(node)])
      for i in 0..<count {
        let difference = own - Int64(values[Int(ordinals[i])])
        let sum = UInt64(keys[i]) &+ UInt64(difference &* difference)
        keys[i] = UInt32(clamping: sum)
      }
    case .floats(let values):
      let own = values[Int(node)]
      for i in 0..<count {
        let difference = own - values[Int(ordinals[i])]
        keys[i] = DistanceKey.key(of: DistanceKey.float(of: keys[i]) + difference * difference)
      }
    }
  }
}
