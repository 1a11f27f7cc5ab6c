import VectorMath

/// A fixed block of rows of the tail: originals as the caller gave them, and int8 codes of those that are compared
/// by other metrics than hamming.
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

  let shape: TailShape
  /// The chunk's map; nil where the metric has no code form (hamming).
  let quantizer: ScalarQuantizer?
  private let docIDs: UnsafeMutablePointer<UInt64>
  private let originals: UnsafeMutableRawPointer
  private let codes: UnsafeMutablePointer<UInt8>
  /// Rows whose coordinates lie outside the map: their codes say too little, so they are always
  /// compared by their originals.
  private let clipped: UnsafeMutablePointer<Bool>

  init(shape: TailShape, calibratedOn sample: [VectorValue]) {
    self.shape = shape
    capacity = shape.capacity
    quantizer = TailChunk.calibrate(sample, shape)
    unsafe docIDs = .allocate(capacity: capacity)
    // Left as it is: pages that no row is written to take no memory. The usual alignment, because glibc does not find
    // room that was freed for such large blocks at any other.
    unsafe originals = .allocate(
      byteCount: max(1, capacity * shape.rowStride), alignment: MemoryLayout<UInt64>.alignment)
    let codeBytes = max(1, capacity * shape.codeStride)
    let raw = UnsafeMutableRawPointer.allocate(byteCount: codeBytes, alignment: 64)
    unsafe codes = unsafe raw.bindMemory(to: UInt8.self, capacity: codeBytes)
    unsafe codes.initialize(repeating: 0, count: codeBytes)
    unsafe clipped = .allocate(capacity: capacity)
    unsafe clipped.initialize(repeating: false, count: capacity)
  }

  deinit {
    unsafe docIDs.deallocate()
    unsafe originals.deallocate()
    unsafe UnsafeMutableRawPointer(codes).deallocate()
    unsafe clipped.deallocate()
  }

  func docID(at row: Int) -> UInt64 { unsafe docIDs[row] }
  /// The original of a row; those of the rows after it follow, `shape.rowStride` bytes apart.
  func original(at row: Int) -> UnsafeRawPointer {
    unsafe UnsafeRawPointer(originals + row * shape.rowStride)
  }
  func isClipped(_ row: Int) -> Bool { unsafe clipped[row] }
  /// The codes of the rows from `row` on, `shape.codeStride` bytes apart.
  func codes(from row: Int) -> UnsafePointer<UInt8> {
    unsafe UnsafePointer(codes + row * shape.codeStride)
  }

  /// Stores a row beyond every published length; answers how far its codes are from it, where these are
  /// what it is judged by. Writer thread only.
  func store(_ vector: VectorValue, docID: UInt64, at row: Int) -> CodeError {
    precondition(
      row < capacity && vector.dimensions == shape.dimensions
        && vector.elementType == shape.elementType)
    unsafe docIDs[row] = docID
    let target = unsafe originals + row * shape.rowStride
    unsafe vector.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      unsafe target.copyMemory(from: base, byteCount: source.count)
    }
    return encode(row)
  }

  private func encode(_ row: Int) -> CodeError {
    guard let quantizer else { return CodeError() }
    let target = unsafe codes + row * shape.codeStride
    let vector = unsafe original(at: row).assumingMemoryBound(to: Float.self)
    let outcome = unsafe quantizer.encode(vector, codes: target, residuals: nil)
    unsafe clipped[row] = outcome.clipped
    return outcome.clipped ? CodeError() : unsafe quantizer.error(of: vector, codes: target)
  }

  private static func calibrate(
    _ sample: [VectorValue], _ shape: TailShape
  ) -> ScalarQuantizer? {
    guard shape.hasCodes, shape.dimensions > 0 else { return nil }
    var calibrator = ScalarQuantizerCalibrator(metric: shape.metric, dimensions: shape.dimensions)
    for vector in sample.prefix(capacity) {
      unsafe vector.floats?.withUnsafeBufferPointer {
        if let base = $0.baseAddress { unsafe calibrator.add(base) }
      }
    }
    return calibrator.quantizer()
  }
}
