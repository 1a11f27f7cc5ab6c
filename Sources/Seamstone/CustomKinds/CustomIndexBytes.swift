/// The bytes that an index of a kind of your own built, in the segment's file, which is mapped into memory as long as
/// this exists. Reading beyond the end gives nil.
@safe public struct CustomIndexBytes: Sendable {
  /// How many there are.
  public let count: Int
  private let base: Memory

  /// Read-only memory and what keeps it where it is.
  @unsafe private struct Memory: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    let owner: any Sendable
  }

  init(_ bytes: UnsafeRawBufferPointer, owner: any Sendable) {
    count = bytes.count
    unsafe base = unsafe Memory(bytes: bytes, owner: owner)
  }

  /// A little-endian number at an offset, at any alignment.
  public func number<Number: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Number.Type = Number.self
  ) -> Number? {
    let size = MemoryLayout<Number>.size
    guard offset >= 0, offset <= count - size else { return nil }
    return unsafe Number(littleEndian: base.bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// Floats from an offset on, as little-endian words.
  public func floats(at offset: Int, count wanted: Int) -> [Float]? {
    let (bytes, overflow) = wanted.multipliedReportingOverflow(by: 4)
    guard !overflow, wanted >= 0, offset >= 0, bytes <= count, offset <= count - bytes else {
      return nil
    }
    return (0..<wanted).map { index in
      let word = unsafe base.bytes.loadUnaligned(
        fromByteOffset: offset + index * 4, as: UInt32.self)
      return Float(bitPattern: UInt32(littleEndian: word))
    }
  }

  /// All bytes at once; the pointer is valid during the call only.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(base.bytes)
  }
}
