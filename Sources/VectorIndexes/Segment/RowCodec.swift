import VectorMath

/// How the rows of one segment are encoded and compared.
struct RowCodec: Sendable {
  let metric: Metric
  let dimensions: Int
  private let form: Form

  private enum Form: Sendable {
    case float32
    /// Codes, and residuals beside them if they are kept.
    case int8(ScalarQuantizer, hasResiduals: Bool)
    case stored(any RowEncoding)
    case bits
  }

  /// Rows of floats.
  static func float32(metric: Metric, dimensions: Int) -> RowCodec {
    RowCodec(metric: metric, dimensions: dimensions, form: .float32)
  }

  /// Rows of 7-bit codes. Without residuals they serve to build a graph on.
  static func int8(_ quantizer: ScalarQuantizer, hasResiduals: Bool) -> RowCodec {
    RowCodec(
      metric: quantizer.metric, dimensions: quantizer.dimensions,
      form: .int8(quantizer, hasResiduals: hasResiduals))
  }

  /// Rows that are compared with queries only, never with each other.
  static func stored(_ encoding: any RowEncoding) -> RowCodec {
    RowCodec(
      metric: encoding.metric, dimensions: encoding.dimensions, form: .stored(encoding))
  }

  /// Rows of packed bits.
  static func bits(dimensions: Int) -> RowCodec {
    RowCodec(metric: .hamming, dimensions: dimensions, form: .bits)
  }

  /// Whether vectors are packed bits, and rows these same bytes.
  var holdsBits: Bool {
    if case .bits = form { true } else { false }
  }

  /// Bytes of an original.
  var vectorBytes: Int {
    (holdsBits ? ElementType.bits : .float32).byteCount(dimensions: dimensions)
  }

  /// The map of int8 rows.
  var quantizer: ScalarQuantizer? {
    if case .int8(let quantizer, _) = form { quantizer } else { nil }
  }

  /// The encoding of rows that no graph can be built on.
  var stored: (any RowEncoding)? {
    if case .stored(let encoding) = form { encoding } else { nil }
  }

  /// Bytes of a row that mean something.
  var rowBytes: Int {
    switch form {
    case .float32: dimensions * 4
    case .int8: dimensions
    case .stored(let encoding): encoding.rowBytes
    case .bits: dimensions / 8
    }
  }

  /// Bytes from row to row.
  var rowStride: Int {
    stored == nil ? RowLayout.stride(bytes: rowBytes) : RowLayout.denseStride(bytes: rowBytes)
  }

  /// Bytes from residual row to residual row; 0 without residuals.
  var residualStride: Int {
    switch form {
    case .int8(_, hasResiduals: true): RowLayout.stride(bytes: dimensions)
    case .stored(let encoding) where encoding.finerBytes > 0:
      RowLayout.denseStride(bytes: encoding.finerBytes)
    default: 0
    }
  }

  /// Components that the kernels are given: rows in whole cache lines are compared with their padding,
  /// which saves the kernels the tail.
  var kernelDimensions: Int {
    switch form {
    case .float32: dimensions
    case .int8: rowStride % 64 == 0 ? rowStride : dimensions
    case .stored(let encoding): encoding.kernelDimensions
    // Bytes, for these kernels. Padding is zero on both sides.
    case .bits: rowStride % 64 == 0 ? rowStride : rowBytes
    }
  }

  private static let kernels = DistanceKernels.best

  /// Compares a prepared query with rows.
  var searchKernels: BatchKernel {
    switch form {
    case .float32: Self.kernels.floatBatch(metric)
    case .int8: Self.kernels.codeBatch(metric) ?? Self.kernels.floatBatch(metric)
    case .stored(let encoding): encoding.kernel
    case .bits: Self.kernels.bitsBatch
    }
  }

  /// Compares many prepared queries with rows, where that is quicker than one after the other.
  var tileKernel: TileKernel? {
    if case .float32 = form { Self.kernels.floatTile(metric) } else { nil }
  }

  /// Compares a row with rows while a graph is built. Dot products are no distance: the graph is
  /// built in squared L2 with one more coordinate (`Augmentation`). Cosine is squared L2 too.
  var buildKernels: BatchKernel {
    if holdsBits { return Self.kernels.bitsBatch }
    let measure = metric == .dot || metric == .cosine ? Metric.l2Squared : metric
    let floats = Self.kernels.floatBatch(measure)
    return quantizer == nil ? floats : Self.kernels.codeBatch(measure) ?? floats
  }

  /// Whether build keys stand for floats.
  var buildsOnFloats: Bool { quantizer == nil && metric != .hamming }

  /// Whether build distances are squares, so that α counts twice.
  var buildsOnSquares: Bool { metric != .manhattan && metric != .hamming }

  /// Scales a float row to length 1.
  func normalize(_ row: UnsafeMutablePointer<Float>) {
    Normalization.normalize(row, count: dimensions)
  }
}
