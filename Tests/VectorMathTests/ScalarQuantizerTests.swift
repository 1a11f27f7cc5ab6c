import TestSupport
import Testing
import VectorMath

/// Codes, residuals and the choice of their map.
@Suite struct ScalarQuantizerTests {
  /// Ranges of whole numbers, from one value to all of a byte, wherever they lie.
  static let wholeRanges: [ClosedRange<Int>] = [
    0...255, 0...218, 0...127, 0...100, 3...3, 0...1, -128...127, -3...5, 1000...1255,
    -500...(-300),
    60000...60200, 5...250,
  ]

  @Test("Whole numbers decode exactly", arguments: wholeRanges)
  func wholeNumbersAreExact(range: ClosedRange<Int>) {
    let values = range.map { Float($0) }
    let quantizer = calibrate([values], .l2Squared)
    let encoded = quantizer.encoded(values)
    #expect(encoded.outcome == EncodeOutcome(clipped: false, exact: true))
    #expect(quantizer.decoded(encoded) == values)
    #expect(encoded.codes.allSatisfy { $0 <= 127 })
    #expect(!quantizer.clipping)
  }

  @Test func bytesOutsideTheSampleAreExactToo() {
    let quantizer = calibrate([[0, 17, 130, 42]], .l2Squared)
    #expect(quantizer.encoded([255, 0, 254, 1]).outcome.exact)
    let signed = calibrate([[-100, 17, 100, 42]], .l2Squared)
    #expect(signed.encoded([-128, 127, 0, 1]).outcome.exact)
  }

  @Test("Floats decode within half a position", arguments: [1, 0.01, 1e-20, 1e20] as [Float])
  func floatsDecodeClosely(scale: Float) {
    var random = SeededGenerator(seed: 5)
    let values = (0..<2000).map { _ in (Float.random(in: -0.3...1, using: &random)) * scale }
    let quantizer = calibrate([values], .l2Squared)
    let encoded = quantizer.encoded(values)
    #expect(!encoded.outcome.clipped && !encoded.outcome.exact && !quantizer.clipping)
    let fine = quantizer.map.step / 256
    for (value, decoded) in zip(values, quantizer.decoded(encoded)) {
      #expect(abs(value - decoded) <= 0.51 * fine + 1e-6 * scale)
    }
    let coarse = quantizer.decoded(encoded, withResiduals: false)
    for (value, decoded) in zip(values, coarse) {
      #expect(abs(value - decoded) <= 0.51 * quantizer.map.step)
    }
    #expect(quantizer.map.step < 1.31 * scale / 126)
  }

  @Test func outliersAreClippedOnlyWhenTheyCostPrecision() {
    var random = SeededGenerator(seed: 6)
    var values = (0..<20_000).map { _ in Float.random(in: -1...1, using: &random) }
    #expect(!calibrate([values], .l2Squared).clipping)
    values[77] = 1.4
    #expect(!calibrate([values], .l2Squared).clipping)
    values[78] = 1e6
    values[79] = -40
    let quantizer = calibrate([values], .l2Squared)
    #expect(quantizer.clipping)
    #expect(quantizer.map.step < 2.1 / 127)
    #expect(quantizer.encoded(values).outcome.clipped)
    #expect(!quantizer.encoded(Array(values[..<77])).outcome.clipped)
    let codes = quantizer.encoded([1e6, -40, .greatestFiniteMagnitude]).codes
    #expect(codes == [127, 0, 127])
  }

  @Test func cosineEncodesUnitVectors() {
    let rows: [[Float]] = [
      [3, 4, 0], [0, -2, 0], [1e30, 1e30, 1e30], [0, 0, 0], [.leastNormalMagnitude / 64, 0, 0],
    ]
    let quantizer = calibrate(rows, .cosine)
    for row in rows {
      let unit = row.withUnsafeBufferPointer { Normalization.normalized($0) }
      let decoded = quantizer.decoded(quantizer.encoded(row))
      for (value, wanted) in zip(decoded, unit) { #expect(abs(value - wanted) < 1e-4, "\(row)") }
    }
    let long = quantizer.encoded([30, 40, 0])
    #expect(long.codes == quantizer.encoded([3, 4, 0]).codes)
  }

  @Test func degenerateSamplesStillGiveAMap() {
    let huge = Float.greatestFiniteMagnitude
    for rows: [[Float]] in [
      [], [[0.3, 0.3, 0.3]], [[huge, -huge, 0]],
      [[.leastNonzeroMagnitude, 0, -.leastNonzeroMagnitude]], [[1e9, 1e9 + 64, 1e9]],
    ] {
      let quantizer = calibrate(rows, .l2Squared, dimensions: 3)
      #expect(quantizer.map.lowest.isFinite && quantizer.map.step > 0, "\(rows)")
      let vector: [Float] = [0.3, -huge, huge]
      let decoded = quantizer.decoded(quantizer.encoded(vector))
      #expect(decoded.allSatisfy { $0.isFinite }, "\(rows)")
    }
  }

  @Test func bytesRoundTrip() {
    for metric in [Metric.cosine, .dot, .l2Squared, .manhattan] {
      for clipping in [false, true] {
        let quantizer = ScalarQuantizer(
          metric: metric, dimensions: 384, map: AffineMap(lowest: -0.25, step: 0.0039),
          clipping: clipping)
        #expect(quantizer.bytes.count == ScalarQuantizer.byteCount)
        #expect(quantizer.bytes.withUnsafeBytes { ScalarQuantizer(bytes: $0) } == quantizer)
      }
    }
  }

  @Test func foreignBytesAreRefused() {
    let good = ScalarQuantizer(
      metric: .dot, dimensions: 3, map: AffineMap(lowest: 0, step: 1)
    ).bytes
    func parsed(_ bytes: [UInt8]) -> ScalarQuantizer? {
      bytes.withUnsafeBytes { ScalarQuantizer(bytes: $0) }
    }
    func changed(_ index: Int, _ values: [UInt8]) -> [UInt8] {
      var bytes = good
      bytes.replaceSubrange(index..<index + values.count, with: values)
      return bytes
    }
    #expect(parsed(good) != nil)
    #expect(parsed(Array(good.dropLast())) == nil)
    #expect(parsed(good + [0]) == nil)
    #expect(parsed([]) == nil)
    #expect(parsed(changed(0, [0])) == nil, "unknown metric")
    #expect(parsed(changed(0, [5])) == nil, "hamming")
    #expect(parsed(changed(2, [2])) == nil, "unknown flag")
    #expect(parsed(changed(7, [0xff])) == nil, "dimensions")
    #expect(parsed(changed(8, [0, 0, 0x80, 0x7f])) == nil, "infinite origin")
    #expect(parsed(changed(12, [0, 0, 0xc0, 0x7f])) == nil, "NaN step")
    #expect(parsed(changed(12, [0, 0, 0, 0])) == nil, "zero step")
    #expect(parsed(changed(12, [0, 0, 0x80, 0xbf])) == nil, "negative step")
    #expect(parsed(changed(19, [1])) == nil, "reserved")
    var random = SeededGenerator(seed: 8)
    for _ in 0..<2000 {
      var bytes = good
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<20, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if let quantizer = parsed(bytes) { #expect(quantizer.bytes == bytes) }
    }
  }
}

/// A vector's codes and residuals.
struct Encoded {
  var codes: [UInt8]
  var residuals: [UInt8]
  var outcome: EncodeOutcome
}

/// A quantiser for the rows; their first one's length tells the dimensions.
func calibrate(_ rows: [[Float]], _ metric: Metric, dimensions: Int? = nil) -> ScalarQuantizer {
  let dimensions = dimensions ?? rows.first?.count ?? 0
  return rows.flatMap { $0 }.withUnsafeBufferPointer { sample in
    guard let base = sample.baseAddress else {
      return ScalarQuantizerCalibrator(metric: metric, dimensions: dimensions).quantizer()
    }
    return ScalarQuantizer.calibrate(
      sample: base, count: rows.count, stride: dimensions, metric: metric, dimensions: dimensions)
  }
}

extension ScalarQuantizer {
  /// Encodes a vector of any length with this map.
  func encoded(_ vector: [Float]) -> Encoded {
    let same = ScalarQuantizer(
      metric: metric, dimensions: vector.count, map: map, clipping: clipping)
    var codes = [UInt8](repeating: 0xee, count: vector.count)
    var residuals = codes
    let outcome = same.encode(vector, codes: &codes, residuals: &residuals)
    return Encoded(codes: codes, residuals: residuals, outcome: outcome)
  }

  /// Decodes what `encoded(_:)` gave.
  func decoded(_ encoded: Encoded, withResiduals: Bool = true) -> [Float] {
    let same = ScalarQuantizer(
      metric: metric, dimensions: encoded.codes.count, map: map, clipping: clipping)
    var vector = [Float](repeating: .nan, count: encoded.codes.count)
    encoded.residuals.withUnsafeBufferPointer { residuals in
      same.decode(
        codes: encoded.codes, residuals: withResiduals ? residuals.baseAddress : nil, into: &vector)
    }
    return vector
  }
}
