import VectorMath

/// The rows that a graph is built over and the distance between two of them.
struct BuildSpace: Sendable {
  /// Everything but the query.
  let prototype: KeySource
  /// Whether keys stand for floats; integers otherwise.
  let isFloat: Bool
  /// How much nearer a kept neighbour has to be to shadow a candidate, in 1/1024 of a key:
  /// α for plain distances, α² for squared ones.
  let shadowFactor: UInt64

  /// The distances from one row.
  @inline(__always)
  func source(for node: UInt32) -> KeySource {
    var source = prototype
    source.query = prototype.rows + Int(node) &* prototype.stride
    source.queryOrdinal = node
    return source
  }

  /// Whether a neighbour at `between` from a candidate makes the link to it, `direct` long,
  /// unnecessary. Ties count: blocks of equal distances would otherwise link only to themselves.
  @inline(__always)
  func shadows(between: UInt32, direct: UInt32) -> Bool {
    if isFloat {
      return DistanceKey.float(of: between) * (Float(shadowFactor) / 1024)
        <= DistanceKey.float(of: direct)
    }
    return UInt64(between) &* shadowFactor <= UInt64(direct) << 10
  }
}
