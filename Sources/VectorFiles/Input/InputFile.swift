#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A user's file, open for reading from start to end; pipes and standard input (`-`) work too.
///
/// The store's own files go through `FileSystem`; these here are not part of a store.
final class InputFile: ByteSource {
  let path: String
  /// The length of a regular file; nil for a pipe or a device.
  let length: Int?
  private(set) var fileBytesRead = 0
  private let descriptor: Int32

  /// Opens a file for reading.
  init(path: String) throws(VectorFileError) {
    self.path = path
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", errno: errno, file: path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let number = errno
      close(descriptor)
      throw .system("fstat", errno: number, file: path)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw VectorFileError(file: path, reason: "this is a directory, not a file")
    }
    self.descriptor = descriptor
    length = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  deinit { close(descriptor) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(VectorFileError) -> Int {
    guard buffer.count > 0 else { return 0 }
    while true {
      #if canImport(Darwin)
        let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 {
        fileBytesRead += count
        return count
      }
      guard errno == EINTR else { throw .system("read", errno: errno, file: path) }
    }
  }

  /// Goes on reading at a byte offset of a regular file.
  func seek(to offset: Int) throws(VectorFileError) {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw .system("lseek", errno: errno, file: path)
    }
    fileBytesRead = offset
  }
}
