/// Which rows can be as close to a query as a given distance, judged by their codes alone.
///
/// By the triangle inequality a distance between vectors differs from that between their codes by at most
/// the errors of the two (squares: the roots do; dot: Cauchy and Schwarz give
/// `|q·x − q'·x'| ≤ ‖q‖·‖x − x'‖ + ‖q − q'‖·‖x'‖`). What 32-bit arithmetic may add to a distance is
/// allowed for as well, by the usual bound `γ = n·2⁻²⁴` on a sum of n rounded terms. So a row whose key is
/// above ``largestKey(within:)`` has an ``ExactDistance`` above that distance: leaving it out changes no
/// answer.
package struct CodeBound: Sendable {
  private let metric: Metric
  private let query: QuantizedQuery
  private let step: Double
  /// The most that codes and vectors differ by, in the metric's norm.
  private let error: Double
  /// The most that 32-bit sums lose, as a share of the sum.
  private let relative: Double
  /// The most that 32-bit sums lose besides.
  private let absolute: Double

  /// The bound for rows whose error is at most `rows`.
  package init(
    _ quantizer: ScalarQuantizer, query vector: UnsafePointer<Float>, prepared: QuantizedQuery,
    rows: CodeError
  ) {
    let count = Double(quantizer.dimensions)
    metric = quantizer.metric
    query = prepared
    step = Double(quantizer.map.step)
    relative = (count + 16) * 0x1p-23
    let underflow = count * Double(Float.leastNormalMagnitude)
    guard metric == .dot else {
      let own = prepared.bytes.withUnsafeBufferPointer { bytes in
        bytes.baseAddress.map { quantizer.error(of: vector, codes: $0) } ?? CodeError()
      }
      error = own.largest + rows.largest
      // 1 − cos is a difference of numbers up to 1: what it loses does not shrink with it.
      absolute = underflow + (metric == .cosine ? 2 * relative : 0)
      return
    }
    let (length, difference) = Self.signedError(vector, prepared, quantizer.dimensions)
    error = length * rows.largest + difference * rows.longest
    absolute = underflow + relative * length * (rows.longest + rows.largest)
  }

  /// The largest key of a row whose exact distance may be `distance` or less.
  package func largestKey(within distance: Float) -> UInt32 {
    // The largest finite distance stands for all beyond it.
    guard distance < Float.greatestFiniteMagnitude, error.isFinite else { return Self.all }
    let limit = Double(distance) + absolute
    let key: Double
    switch metric {
    case .dot:
      // distance = offset + slope · (2³¹ − key), and the slope is negative.
      guard query.slope < 0 else { return Self.all }
      key = 0x1p31 + (limit + error - query.offset) / -query.slope
    case .manhattan:
      key = (limit * (1 + relative) + error) / step
    default:
      let square = metric == .cosine ? 2 * limit : limit * (1 + relative)
      let root = (max(0, square).squareRoot() + error) / step
      key = root * root
    }
    // Above the arithmetic of this function itself.
    let safe = key + abs(key) * 1e-12 + 1
    return safe < 0 ? 0 : safe < Double(Self.all) ? UInt32(safe) : Self.all
  }

  /// No key of any row is larger.
  package static let all = UInt32.max - 1

  /// The length of a query of signed bytes, and how far the bytes are from it.
  private static func signedError(
    _ vector: UnsafePointer<Float>, _ prepared: QuantizedQuery, _ dimensions: Int
  ) -> (length: Double, difference: Double) {
    var length = 0.0
    var difference = 0.0
    for index in 0..<dimensions {
      let component = Double(vector[index])
      let rounded = Double(Int8(bitPattern: prepared.bytes[index])) * prepared.unit
      length += component * component
      difference += (component - rounded) * (component - rounded)
    }
    let excess = 1 + 1e-15 * Double(dimensions + 16)
    return (length.squareRoot() * excess, difference.squareRoot() * excess)
  }
}
