/// A source of which the first bytes were already read, to look at them.
final class PrefixedSource: ByteSource {
  private var prefix: ArraySlice<UInt8>
  private let rest: any ByteSource

  init(prefix: [UInt8], rest: any ByteSource) {
    self.prefix = prefix[...]
    self.rest = rest
  }

  var fileBytesRead: Int { rest.fileBytesRead - prefix.count }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(VectorFileError) -> Int {
    if prefix.isEmpty { return try rest.read(into: buffer) }
    let part = prefix.prefix(buffer.count)
    buffer.copyBytes(from: part)
    prefix = prefix.dropFirst(part.count)
    return part.count
  }
}
