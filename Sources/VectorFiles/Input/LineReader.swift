#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Cuts a source into lines, holding one line and one read-ahead in memory.
final class LineReader {
  private let source: any ByteSource
  private let file: String
  private let maximumLineLength: Int
  private var buffer: UnsafeMutableRawBufferPointer
  /// What is read but not yet handed out.
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  /// The number of lines handed out.
  private(set) var lineNumber = 0

  init(_ source: any ByteSource, file: String, maximumLineLength: Int) {
    self.source = source
    self.file = file
    self.maximumLineLength = maximumLineLength
    buffer = .allocate(byteCount: min(256 << 10, maximumLineLength), alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// How far the file is read, in bytes of the file.
  var fileBytesRead: Int { source.fileBytesRead }

  /// The next line without its newline, valid until the next call; nil at the end.
  func next() throws(VectorFileError) -> UnsafeRawBufferPointer? {
    var searched = start
    while true {
      if searched < end, let base = buffer.baseAddress,
        let found = memchr(base + searched, 0x0A, end - searched)
      {
        let newline = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        return handOut(to: newline, next: newline + 1)
      }
      searched = end
      if isAtEnd {
        guard start < end else { return nil }
        return handOut(to: end, next: end)
      }
      searched -= try readMore()
    }
  }

  private func handOut(to end: Int, next: Int) -> UnsafeRawBufferPointer {
    defer {
      start = next
      lineNumber += 1
    }
    return UnsafeRawBufferPointer(rebasing: buffer[start..<end])
  }

  /// Makes room and reads; returns by how much the kept bytes moved towards the front.
  private func readMore() throws(VectorFileError) -> Int {
    var moved = 0
    if start > 0, let base = buffer.baseAddress {
      moved = start
      memmove(base, base + start, end - start)
      end -= start
      start = 0
    } else if end == buffer.count {
      guard buffer.count < maximumLineLength else {
        throw VectorFileError(
          file: file, line: lineNumber + 1,
          reason: "the line is longer than \(maximumLineLength) bytes",
          remedy: "Is this one JSON object on each line?")
      }
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: min(buffer.count * 2, maximumLineLength), alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
      buffer.deallocate()
      buffer = larger
    }
    let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    if count == 0 { isAtEnd = true }
    end += count
    return moved
  }
}
