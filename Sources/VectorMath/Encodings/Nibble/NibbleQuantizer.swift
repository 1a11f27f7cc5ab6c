import CVectorKernels

/// Two components a byte.
///
/// For cosine, dot and l2-squared every vector has a scale of its own around the centre of a sample, with
/// factors that make dot products with a query of 8 bits into estimates of the distance. On skewed vectors
/// this keeps more than one map for all rows or than a scale for each dimension. For manhattan, whose sums
/// only a map common to all components keeps, codes are the upper four bits of those that a
/// ``ScalarQuantizer`` makes, and the query has 8 bits of the same map.
///
/// Where vectors are of about the same size, one map for all components does nearly as well for cosine and l2-squared.
/// Rows are then codes only, and finer halves of 4 bits more rank the best of them (``NibbleTiers``);
/// ``NibbleTrainer`` decides.
///
/// A row, with h = ⌈dimensions / 2⌉; numbers are little-endian floats:
///
/// | Bytes | Content |
/// |---|---|
/// | h | component i in the low half of byte i, component i + h in the high half (0 when there is none) |
/// | 4 | add; not with one map |
/// | 4 | rescale; not with one map |
///
/// Share of the ten nearest among the best by code, of 25,000 text embeddings (384 dimensions, cosine) and of
/// 100,000 image descriptors (128 dimensions, l2-squared):
///
/// | | best 20 | 50 | 200 |
/// |---|---|---|---|
/// | text, origin | 0.9998 | 1.0000 | 1.0000 |
/// | text, mean | 1.0000 | 1.0000 | 1.0000 |
/// | image, origin | 0.923 | 0.980 | 0.997 |
/// | image, mean | 0.993 | 1.000 | 1.000 |
package struct NibbleQuantizer: RowEncoding {
  /// The metrics that the rows can serve.
  package static let metrics: [Metric] = [.cosine, .dot, .l2Squared, .manhattan]

  /// What the codes are relative to.
  enum Reference: Sendable {
    /// A centre, `nil` for the origin.
    case centered(CenteredCodes)
    /// One map for all components: manhattan.
    case mapped(ScalarQuantizer, CodeKernels)
    /// One map for all components, and finer halves.
    case tiered(NibbleTiers)
  }

  package let metric: Metric
  package let dimensions: Int
  let reference: Reference

  /// A quantiser around a centre, for cosine, dot and l2-squared; `nil` for other metrics, or a centre of
  /// other dimensions or with a component that is not finite. `kernels` are for tests.
  package init?(
    metric: Metric, dimensions: Int, center: [Float]?, kernels: CodeKernels = .best
  ) {
    guard [.cosine, .dot, .l2Squared].contains(metric), dimensions > 0,
      center.map({ $0.count == dimensions && $0.allSatisfy(\.isFinite) }) ?? true
    else { return nil }
    self.metric = metric
    self.dimensions = dimensions
    reference = .centered(
      CenteredCodes(
        metric: metric, dimensions: dimensions, bits: 4, center: center, rotation: nil,
        kernels: kernels))
  }

  /// A quantiser of one map, for manhattan; `nil` when `map` serves another metric. `kernels` are for tests.
  package init?(map: ScalarQuantizer, kernels: CodeKernels = .best) {
    guard map.metric == .manhattan, map.dimensions > 0 else { return nil }
    metric = .manhattan
    dimensions = map.dimensions
    reference = .mapped(map, kernels)
  }

  /// A quantiser of one map with finer halves.
  init(tiers: NibbleTiers) {
    metric = tiers.metric
    dimensions = tiers.dimensions
    reference = .tiered(tiers)
  }

  package var rowBytes: Int {
    switch reference {
    case .centered(let codes): codes.rowBytes
    case .mapped, .tiered: half
    }
  }
  package var finerBytes: Int { if case .tiered = reference { half } else { 0 } }
  package var queryBytes: Int {
    switch reference {
    case .centered(let codes): codes.queryBytes
    case .mapped: Self.headBytes + 2 * partBytes
    case .tiered(let tiers): tiers.queryBytes
    }
  }
  package var kernelDimensions: Int { rowBytes }
  package var kernel: BatchKernel {
    switch reference {
    case .centered(let codes): codes.kernel
    case .mapped(_, let kernels): BatchKernel(kernels.functions.nibbles_l1)
    case .tiered(let tiers): BatchKernel(tiers.kernels.functions.nibbles_l2)
    }
  }

  package func encode(_ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer) {
    switch reference {
    case .centered(let codes): codes.encode(vector, into: row)
    case .mapped(let map, _): encode(vector, map: map, into: row)
    case .tiered(let tiers): _ = tiers.encode(vector, into: row, finer: nil)
    }
  }
  package func encode(
    _ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer,
    finer: UnsafeMutableRawPointer?
  ) -> EncodeOutcome {
    if case .tiered(let tiers) = reference {
      return tiers.encode(vector, into: row, finer: finer)
    }
    encode(vector, into: row)
    return EncodeOutcome(clipped: false, exact: false)
  }
  package func measure(
    _ rows: FinerRows, _ ordinals: UnsafeBufferPointer<UInt32>, query: ExactDistance,
    into distances: UnsafeMutablePointer<Float>, isWhole: (Int, Bool) -> Void
  ) {
    guard case .tiered(let tiers) = reference else { return }
    tiers.measure(rows, ordinals, query: query, into: distances, isWhole: isWhole)
  }
  package func prepare(query: UnsafePointer<Float>, into memory: UnsafeMutableRawPointer) {
    switch reference {
    case .centered(let codes): codes.prepare(query: query, into: memory)
    case .mapped(let map, _): prepare(query: query, map: map, into: memory)
    case .tiered(let tiers): tiers.prepare(query: query, into: memory)
    }
  }
  package func distance(ofKey key: UInt32, query: UnsafeRawPointer) -> Float {
    switch reference {
    case .centered(let codes): codes.distance(ofKey: key)
    case .mapped(let map, _): distance(ofKey: key, query: query, map: map)
    case .tiered(let tiers): tiers.distance(ofKey: key)
    }
  }
}
