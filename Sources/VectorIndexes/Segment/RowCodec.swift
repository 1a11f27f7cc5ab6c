import VectorMath

/// How the rows of one segment are encoded and compared.
struct RowCodec: Sendable {
  let metric: Metric
  let encoding: VectorEncodingKind
  let dimensions: Int
  /// The map of int8 rows.
  let quantizer: ScalarQuantizer?

  /// Bytes of a row that mean something.
  var rowBytes: Int { encoding == .int8 ? dimensions : dimensions * 4 }
  /// Bytes from row to row.
  var rowStride: Int { RowLayout.stride(bytes: rowBytes) }
  /// Bytes from residual row to residual row; 0 without residuals.
  var residualStride: Int { encoding == .int8 ? RowLayout.stride(bytes: dimensions) : 0 }
  /// Components that the kernels are given: rows in whole cache lines are compared with their padding,
  /// which saves the kernels the tail.
  var kernelDimensions: Int {
    guard rowStride % 64 == 0 else { return dimensions }
    return encoding == .int8 ? rowStride : dimensions
  }

  private static let kernels = DistanceKernels.best

  /// Compares a prepared query with rows.
  var searchKernels: BatchKernel {
    let floats = Self.kernels.floatBatch(metric)
    return encoding == .int8 ? Self.kernels.codeBatch(metric) ?? floats : floats
  }

  /// Compares a row with rows while a graph is built. Dot products are no distance: the graph is
  /// built in squared L2 with one more coordinate (`Augmentation`). Cosine is squared L2 too.
  var buildKernels: BatchKernel {
    let measure = metric == .dot || metric == .cosine ? Metric.l2Squared : metric
    let floats = Self.kernels.floatBatch(measure)
    return encoding == .int8 ? Self.kernels.codeBatch(measure) ?? floats : floats
  }

  /// Whether build keys stand for floats.
  var buildsOnFloats: Bool { encoding == .float32 && metric != .hamming }

  /// Whether build distances are squares, so that α counts twice.
  var buildsOnSquares: Bool { metric != .manhattan && metric != .hamming }

  /// Scales a float row to length 1.
  func normalize(_ row: UnsafeMutablePointer<Float>) {
    Normalization.normalize(row, count: dimensions)
  }
}
