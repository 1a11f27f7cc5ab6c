import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file read by pread(2).
final class PosixReadableFile: ReadableFile {
  let path: String
  let length: Int
  /// -1 once closed.
  private let descriptor: Atomic<Int32>

  init(path: String, descriptor: Int32, length: Int) {
    self.path = path
    self.length = length
    self.descriptor = Atomic(descriptor)
  }

  deinit { close() }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) {
    let descriptor = descriptor.load(ordering: .relaxed)
    let place = StoreError.Location(path: path, offset: offset)
    guard descriptor >= 0 else { throw StoreError(.closed, "The file is closed", at: place) }
    guard offset >= 0 else {
      throw StoreError(.invalidArgument, "Reading before the start of a file", at: place)
    }
    guard let base = buffer.baseAddress else { return }
    var done = 0
    while done < buffer.count {
      let (position, overflow) = offset.addingReportingOverflow(done)
      let count =
        overflow ? 0 : pread(descriptor, base + done, buffer.count - done, off_t(position))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw StoreError(
          .truncatedFile, "The file ends early: \(buffer.count) bytes wanted, \(done) there",
          at: place)
      } else if errno != EINTR {
        throw .system("Reading \(buffer.count) bytes", errno: errno, at: place)
      }
    }
  }

  func close() {
    let old = descriptor.exchange(-1, ordering: .relaxed)
    #if canImport(Darwin)
      if old >= 0 { Darwin.close(old) }
    #else
      if old >= 0 { Glibc.close(old) }
    #endif
  }
}
