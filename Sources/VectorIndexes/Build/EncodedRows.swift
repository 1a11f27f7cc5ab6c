import StorageIO
import VectorMath

/// The rows of a segment under construction, in order of insertion.
final class EncodedRows: @unchecked Sendable {
  // Sendable: parallel regions write disjoint rows.

  let codec: RowCodec
  private(set) var count: Int
  private(set) var rows: AnonymousMemory
  private(set) var residuals: AnonymousMemory?
  /// The DocID of each row.
  private(set) var docIDs: [UInt64]

  init(codec: RowCodec, docIDs: [UInt64]) throws(StoreError) {
    self.codec = codec
    self.docIDs = docIDs
    count = docIDs.count
    rows = try AnonymousMemory(count: count * codec.rowStride, purpose: "rows")
    residuals =
      codec.residualStride == 0
      ? nil : try AnonymousMemory(count: count * codec.residualStride, purpose: "residuals")
  }

  /// First byte of a row.
  func row(_ index: Int) -> UnsafeMutableRawPointer { rows.base + index &* codec.rowStride }

  /// First byte of a row's residuals.
  func residualRow(_ index: Int) -> UnsafeMutableRawPointer? {
    residuals.map { $0.base + index &* codec.residualStride }
  }

  /// Encodes one vector into a row.
  func encode(_ vector: UnsafePointer<Float>, into index: Int) -> RowOutcome {
    let address = row(index)
    if let quantizer = codec.quantizer {
      let outcome = quantizer.encode(
        vector, codes: address.assumingMemoryBound(to: UInt8.self),
        residuals: residualRow(index)?.assumingMemoryBound(to: UInt8.self))
      return RowOutcome(exact: outcome.exact, clipped: outcome.clipped)
    }
    address.copyMemory(from: vector, byteCount: codec.rowBytes)
    guard codec.metric == .cosine else { return RowOutcome(exact: true, clipped: false) }
    codec.normalize(address.assumingMemoryBound(to: Float.self))
    return RowOutcome(exact: false, clipped: false)
  }

  /// Keeps the rows named, in that order.
  func keep(_ order: [UInt32]) throws(StoreError) {
    rows = try Self.gather(rows, stride: codec.rowStride, order)
    if let old = residuals {
      residuals = try Self.gather(old, stride: codec.residualStride, order)
    }
    docIDs = order.map { docIDs[Int($0)] }
    count = order.count
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
