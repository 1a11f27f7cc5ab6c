import CZlib

/// Decompresses gzip (RFC 1952) as it is read: any number of members, in bounded memory.
final class GzipSource: ByteSource {
  /// How much compressed data is held at a time.
  private static let inputCapacity = 256 << 10

  private let file: String
  private let source: any ByteSource
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  /// Whether a member has begun and not ended.
  private var isInsideMember = false
  private var isFirstMember = true
  private var isSourceAtEnd = false

  init(_ source: any ByteSource, file: String) throws(VectorFileError) {
    self.file = file
    self.source = source
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(byteCount: GzipSource.inputCapacity, alignment: 16)
    // 15 bits of window, and 16 to ask for the gzip wrapping. After a failure here `inflateEnd` in
    // deinit finds a null state and does nothing.
    let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw VectorFileError(.io, file: file, reason: "zlib could not start (\(status))")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  var fileBytesRead: Int { source.fileBytesRead - Int(stream.pointee.avail_in) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(VectorFileError) -> Int {
    guard buffer.count > 0 else { return 0 }
    let room = min(buffer.count, 1 << 30)
    while true {
      if stream.pointee.avail_in == 0, !isSourceAtEnd {
        let count = try source.read(into: input)
        isSourceAtEnd = count == 0
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
      }
      if !isInsideMember {
        guard try beginMember() else {
          if isSourceAtEnd { return 0 }
          continue
        }
      }
      stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(room)
      let status = inflate(stream, Z_NO_FLUSH)
      switch status {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isInsideMember = false
      default: throw damaged()
      }
      let count = room - Int(stream.pointee.avail_out)
      if count > 0 { return count }
      // zlib may still hold output when the input ends; only now is it certain that it does not.
      if isInsideMember, isSourceAtEnd, stream.pointee.avail_in == 0 { throw truncated() }
    }
  }

  /// Starts the next member, or skips the zero bytes that tapes and block devices append; false if
  /// the input at hand has no member.
  private func beginMember() throws(VectorFileError) -> Bool {
    if isFirstMember {
      isFirstMember = false
    } else {
      while stream.pointee.avail_in > 0, stream.pointee.next_in?.pointee == 0 {
        stream.pointee.next_in += 1
        stream.pointee.avail_in -= 1
      }
      guard stream.pointee.avail_in > 0 else { return false }
      guard inflateReset(stream) == Z_OK else { throw damaged() }
    }
    isInsideMember = true
    return true
  }

  private func truncated() -> VectorFileError {
    VectorFileError(
      file: file, reason: "the compressed data ends too early",
      remedy: "The file is truncated: copy or download it again")
  }

  private func damaged() -> VectorFileError {
    let detail = stream.pointee.msg.map { " (\(String(cString: $0)))" } ?? ""
    return VectorFileError(
      file: file, reason: "the compressed data is damaged\(detail)",
      remedy: "`gzip -t` tells whether the file is intact")
  }
}
