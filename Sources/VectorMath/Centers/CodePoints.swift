/// Rows of 7-bit codes to be clustered, one after the other.
package struct CodePoints: Sendable {
  /// Components of a point.
  package let dimensions: Int
  /// Bytes from point to point: the components, and zeroes.
  package let stride: Int
  /// The points; the caller puts them in random order.
  package var codes: [UInt8]

  /// The number of points.
  package var count: Int { codes.count / stride }

  /// No points.
  package init(dimensions: Int) {
    self.dimensions = dimensions
    stride = CodeCenters.pointBytes(dimensions: dimensions)
    codes = []
  }
}
