import StorageIO

/// Collects small pieces of a section into large writes.
struct SectionBuffer {
  private let sink: any SectionSink
  private var bytes: [UInt8] = []
  private static let capacity = 1 << 20

  init(sink: any SectionSink) {
    self.sink = sink
    bytes.reserveCapacity(Self.capacity + 4096)
  }

  /// Adds a number, little-endian.
  @inline(__always)
  mutating func append(_ value: UInt32) throws(StoreError) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    if bytes.count >= Self.capacity { try flush() }
  }

  /// Adds a number, little-endian.
  @inline(__always)
  mutating func append(_ value: UInt64) throws(StoreError) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    if bytes.count >= Self.capacity { try flush() }
  }

  mutating func append(_ raw: UnsafeRawBufferPointer) throws(StoreError) {
    bytes.append(contentsOf: raw)
    if bytes.count >= Self.capacity { try flush() }
  }

  mutating func append(_ array: [UInt8]) throws(StoreError) {
    bytes.append(contentsOf: array)
    if bytes.count >= Self.capacity { try flush() }
  }

  /// Hands what is left to the sink.
  mutating func flush() throws(StoreError) {
    let failure: StoreError? = bytes.withUnsafeBytes { raw in
      do throws(StoreError) {
        try sink.append(raw)
        return nil
      } catch { return error }
    }
    bytes.removeAll(keepingCapacity: true)
    if let failure { throw failure }
  }
}
