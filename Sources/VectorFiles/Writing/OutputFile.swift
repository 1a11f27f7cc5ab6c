#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file being written under a temporary name, `NAME.partial`, and renamed when it is complete; a
/// pipe or a device is written as it is.
final class OutputFile {
  private static let capacity = 1 << 20

  let path: String
  /// Where the bytes go until the end; equal to `path` for pipes and devices.
  private let workPath: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Creates the file; one of that name is replaced when the new one is complete.
  init(path: String) throws(VectorFileError) {
    self.path = path
    var status = stat()
    let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    if isSpecial, status.st_mode & S_IFMT == S_IFDIR {
      throw VectorFileError(.io, file: path, reason: "this is a directory, not a file")
    }
    workPath = isSpecial ? path : path + ".partial"
    let flags = isSpecial ? O_WRONLY | O_CLOEXEC : O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    descriptor = open(workPath, flags, 0o644)
    guard descriptor >= 0 else {
      // Not the name that the caller gave is what could not be made, but that means nothing to him.
      var error = system("create")
      error.remedy = "Check that the folder exists and may be written to"
      throw error
    }
    buffer.reserveCapacity(OutputFile.capacity)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if workPath != path { unlink(workPath) }
  }

  /// Whether bytes written before can be written again.
  var isSeekable: Bool { workPath != path }

  func append(_ bytes: UnsafeRawBufferPointer) throws(VectorFileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= OutputFile.capacity { try flush() }
  }

  func append(_ bytes: [UInt8]) throws(VectorFileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= OutputFile.capacity { try flush() }
  }

  /// Writes the rest, after which `head`, if given, replaces the first bytes; syncs and renames.
  func finish(replacingHead head: [UInt8]? = nil) throws(VectorFileError) {
    guard descriptor >= 0 else { return }
    try flush()
    if let head {
      guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw system("lseek") }
      buffer = head
      try flush()
    }
    if workPath != path, fsync(descriptor) != 0 { throw system("fsync") }
    let closed = close(descriptor)
    descriptor = -1
    if closed != 0 || (workPath != path && rename(workPath, path) != 0) {
      let error = system("close or rename")
      if workPath != path { unlink(workPath) }
      throw error
    }
  }

  private func flush() throws(VectorFileError) {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw system("write")
      }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func system(_ call: String) -> VectorFileError {
    var error = VectorFileError.system(call, errno: errno, file: path)
    error.kind = .io
    return error
  }
}
