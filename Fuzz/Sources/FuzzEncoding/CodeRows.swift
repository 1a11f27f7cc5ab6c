import VectorMath

/// Uses int8 codes on rows of any bytes.
struct CodeRows {
  let quantizer: ScalarQuantizer
  let bytes: [UInt8]
  private static let rows = 5

  init(quantizer: ScalarQuantizer, _ bytes: [UInt8]) {
    self.quantizer = quantizer
    self.bytes = bytes
  }

  func check() {
    let dimensions = quantizer.dimensions
    let vector = ExactMemory.vector(dimensions, bytes)
    let rows = ExactMemory(count: dimensions * Self.rows)
    let residuals = ExactMemory(count: dimensions * Self.rows)
    rows.fill(bytes)
    residuals.fill(bytes, from: 1)
    let codes = rows.base.assumingMemoryBound(to: UInt8.self)
    let fine = residuals.base.assumingMemoryBound(to: UInt8.self)
    if dimensions > 0 { quantizer.encode(vector.floats, codes: codes, residuals: fine) }
    let query = quantizer.prepareQuery(vector.floats)
    guard let kernel = DistanceKernels.best.codeBatch(quantizer.metric) else { return }
    let padded = ExactMemory(copying: Array(query.bytes.prefix(dimensions)))
    let keys = ExactMemory(count: 4 * Self.rows, alignment: 4)
    let out = keys.base.assumingMemoryBound(to: UInt32.self)
    kernel.scan(padded.base, rows.base, dimensions, Self.rows, dimensions, out)
    for row in 0..<Self.rows where query.distance(ofKey: out[row]).isNaN {
      fatalError("a distance is NaN")
    }
    let scorer = ResidualScorer(quantizer: quantizer, query: vector.floats)
    let decoded = ExactMemory(count: dimensions * 4, alignment: 4)
    for row in 0..<Self.rows {
      let place = row * dimensions
      if scorer.distance(codes: codes + place, residuals: fine + place).isNaN {
        fatalError("an exact distance is NaN")
      }
      quantizer.decode(
        codes: codes + place, residuals: fine + place,
        into: decoded.base.assumingMemoryBound(to: Float.self))
    }
  }
}
