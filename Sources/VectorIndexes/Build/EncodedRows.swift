import StorageIO
import VectorMath

/// The rows of a segment under construction, in order of insertion.
final class EncodedRows: @unchecked Sendable {
  // Sendable: parallel regions write disjoint rows.

  /// How rows are compared with each other while a graph is built, and in the segment unless `stored` says
  /// otherwise.
  let codec: RowCodec
  /// How the segment's rows are encoded, where that is another way.
  let stored: RowCodec?
  private(set) var count: Int
  private(set) var rows: AnonymousMemory
  private(set) var residuals: AnonymousMemory?
  private(set) var storedRows: AnonymousMemory?
  /// The DocID of each row.
  private(set) var docIDs: [UInt64]

  init(codec: RowCodec, stored: RowCodec? = nil, docIDs: [UInt64]) throws(StoreError) {
    self.codec = codec
    self.stored = stored
    self.docIDs = docIDs
    count = docIDs.count
    rows = try AnonymousMemory(count: count * codec.rowStride, purpose: "rows")
    let residualStride = (stored ?? codec).residualStride
    residuals =
      residualStride == 0
      ? nil : try AnonymousMemory(count: count * residualStride, purpose: "residuals")
    if let stored {
      storedRows = try AnonymousMemory(count: count * stored.rowStride, purpose: "stored rows")
    }
  }

  /// How the rows that are written are encoded.
  var written: (codec: RowCodec, rows: AnonymousMemory) {
    if let stored, let storedRows { (stored, storedRows) } else { (codec, rows) }
  }

  /// First byte of a row.
  func row(_ index: Int) -> UnsafeMutableRawPointer { rows.base + index &* codec.rowStride }

  /// Bytes from residual row to residual row; they belong to the rows that are written.
  private var residualStride: Int { written.codec.residualStride }

  /// First byte of a row's residuals.
  func residualRow(_ index: Int) -> UnsafeMutableRawPointer? {
    residuals.map { $0.base + index &* residualStride }
  }

  /// Encodes one vector, whose bytes are those of an original, into a row.
  func encode(_ vector: UnsafePointer<Float>, into index: Int) -> RowOutcome {
    guard let stored, let storedRows else { return encodeBase(vector, into: index) }
    _ = encodeBase(vector, into: index)
    guard let encoding = stored.stored else { return RowOutcome(exact: false, clipped: false) }
    return encode(
      vector, by: encoding, into: storedRows.base + index &* stored.rowStride, index)
  }

  private func encode(
    _ vector: UnsafePointer<Float>, by encoding: any RowEncoding,
    into address: UnsafeMutableRawPointer, _ index: Int
  ) -> RowOutcome {
    let outcome = encoding.encode(vector, into: address, finer: residualRow(index))
    return RowOutcome(exact: outcome.exact, clipped: outcome.clipped)
  }

  private func encodeBase(_ vector: UnsafePointer<Float>, into index: Int) -> RowOutcome {
    let address = row(index)
    if let encoding = codec.stored {
      return encode(vector, by: encoding, into: address, index)
    }
    if let quantizer = codec.quantizer {
      let outcome = quantizer.encode(
        vector, codes: address.assumingMemoryBound(to: UInt8.self),
        residuals: stored == nil
          ? residualRow(index)?.assumingMemoryBound(to: UInt8.self) : nil)
      return RowOutcome(exact: outcome.exact, clipped: outcome.clipped)
    }
    // Packed bits and floats are stored as they are, but for the length of the latter.
    address.copyMemory(from: vector, byteCount: codec.rowBytes)
    guard codec.metric == .cosine else { return RowOutcome(exact: true, clipped: false) }
    codec.normalize(address.assumingMemoryBound(to: Float.self))
    return RowOutcome(exact: false, clipped: false)
  }

  /// Keeps the rows named, in that order.
  func keep(_ order: [UInt32]) throws(StoreError) {
    rows = try Self.gather(rows, stride: codec.rowStride, order)
    if let old = residuals {
      residuals = try Self.gather(old, stride: residualStride, order)
    }
    if let old = storedRows, let stored {
      storedRows = try Self.gather(old, stride: stored.rowStride, order)
    }
    docIDs = order.map { docIDs[Int($0)] }
    count = order.count
  }

  /// Copies all bytes of a row to another, where the vector of that one is gone.
  func copy(_ source: Int, to target: Int) {
    row(target).copyMemory(from: row(source), byteCount: codec.rowStride)
    if let from = residualRow(source), let to = residualRow(target) {
      to.copyMemory(from: from, byteCount: residualStride)
    }
  }

  private static func gather(
    _ old: AnonymousMemory, stride: Int, _ order: [UInt32]
  ) throws(StoreError) -> AnonymousMemory {
    let new = try AnonymousMemory(count: order.count * stride, purpose: "reordered rows")
    for (place, row) in order.enumerated() {
      (new.base + place * stride).copyMemory(from: old.base + Int(row) * stride, byteCount: stride)
    }
    return new
  }
}

/// What encoding a row met.
struct RowOutcome: Sendable {
  var exact: Bool
  var clipped: Bool
}
