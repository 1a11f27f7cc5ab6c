import VectorMath

/// A fixed block of rows of the tail: originals as the caller gave them and their int8 codes.
///
/// Only the writer thread appends, always beyond the length that any published `TailView` shows, and
/// a view is published under a lock; so readers and the writer never touch the same bytes at the
/// same time, which is what makes the unchecked conformance true. One affine map serves the whole
/// chunk: it is calibrated on the batch that opens the chunk.
@safe final class TailChunk: @unchecked Sendable {
  /// Most rows of a chunk.
  static let capacity = 1024
  /// Rows of this chunk: fewer where vectors are long, so that one row never costs much more than itself.
  let capacity: Int

  let dimensions: Int
  /// Bytes from one row of codes to the next.
  let stride: Int
  /// The chunk's map; nil where the metric has no code form (hamming).
  let quantizer: ScalarQuantizer?
  let metric: Metric
  private let docIDs: UnsafeMutablePointer<UInt64>
  private let originals: UnsafeMutablePointer<Float>
  private let codes: UnsafeMutablePointer<UInt8>
  /// Rows whose coordinates lie outside the map: their codes say too little, so they are always
  /// compared by their originals.
  private let clipped: UnsafeMutablePointer<Bool>

  init(dimensions: Int, metric: Metric, calibratedOn sample: [[Float]]) {
    self.dimensions = dimensions
    capacity = Self.capacity(dimensions: dimensions)
    self.metric = metric
    stride = (dimensions + 63) / 64 * 64
    quantizer = TailChunk.calibrate(sample, metric: metric, dimensions: dimensions)
    unsafe docIDs = .allocate(capacity: capacity)
    unsafe originals = .allocate(capacity: capacity * dimensions)
    let raw = UnsafeMutableRawPointer.allocate(byteCount: capacity * stride, alignment: 64)
    unsafe codes = unsafe raw.bindMemory(to: UInt8.self, capacity: capacity * stride)
    unsafe codes.initialize(repeating: 0, count: capacity * stride)
    unsafe clipped = .allocate(capacity: capacity)
    unsafe clipped.initialize(repeating: false, count: capacity)
  }

  deinit {
    unsafe docIDs.deallocate()
    unsafe originals.deallocate()
    unsafe UnsafeMutableRawPointer(codes).deallocate()
    unsafe clipped.deallocate()
  }

  /// Rows of a chunk of such vectors: at most 8 MiB of them, unless the first 16 take more.
  static func capacity(dimensions: Int) -> Int {
    min(capacity, max(16, (8 << 20) / bytesPerRow(dimensions: dimensions)))
  }

  /// Bytes of memory that one row takes.
  static func bytesPerRow(dimensions: Int) -> Int {
    8 + 4 * dimensions + (dimensions + 63) / 64 * 64 + 1
  }

  func docID(at row: Int) -> UInt64 { unsafe docIDs[row] }
  func original(at row: Int) -> UnsafePointer<Float> {
    unsafe UnsafePointer(originals + row * dimensions)
  }
  func isClipped(_ row: Int) -> Bool { unsafe clipped[row] }
  /// The codes of the rows from `row` on, `stride` bytes apart.
  func codes(from row: Int) -> UnsafePointer<UInt8> { unsafe UnsafePointer(codes + row * stride) }

  /// Stores a row beyond every published length; answers how far its codes are from it, where these are
  /// what it is judged by. Writer thread only.
  func store(_ vector: [Float], docID: UInt64, at row: Int) -> CodeError {
    precondition(row < capacity && vector.count == dimensions)
    unsafe docIDs[row] = docID
    let target = unsafe originals + row * dimensions
    unsafe vector.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      unsafe target.update(from: base, count: dimensions)
    }
    return encode(row)
  }

  private func encode(_ row: Int) -> CodeError {
    guard let quantizer else { return CodeError() }
    let target = unsafe codes + row * stride
    let outcome = unsafe quantizer.encode(original(at: row), codes: target, residuals: nil)
    unsafe clipped[row] = outcome.clipped
    return outcome.clipped
      ? CodeError() : unsafe quantizer.error(of: original(at: row), codes: target)
  }

  private static func calibrate(
    _ sample: [[Float]], metric: Metric, dimensions: Int
  ) -> ScalarQuantizer? {
    guard metric != .hamming, dimensions > 0 else { return nil }
    var calibrator = ScalarQuantizerCalibrator(metric: metric, dimensions: dimensions)
    for vector in sample.prefix(capacity) {
      unsafe vector.withUnsafeBufferPointer {
        if let base = $0.baseAddress { unsafe calibrator.add(base) }
      }
    }
    return calibrator.quantizer()
  }
}
