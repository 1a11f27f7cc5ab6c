/// Something that bytes are read from, in order.
protocol ByteSource: AnyObject {
  /// Reads up to `buffer.count` bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(VectorFileError) -> Int

  /// How many bytes of the file have been read so far, before decompression.
  var fileBytesRead: Int { get }
}

extension ByteSource {
  /// Reads until `buffer` is full or the end comes; returns the number of bytes read.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(VectorFileError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = try read(into: rest)
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// The next `count` bytes, or fewer where the end comes first.
  func readBytes(_ count: Int) throws(VectorFileError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    return [UInt8](buffer.prefix(try fill(buffer)))
  }
}
