import TestSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension TemporaryDirectory {
  /// Writes a file and returns its path.
  func file(_ name: String, _ bytes: [UInt8]) -> String {
    let path = file(name)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
    return count == bytes.count ? path : "/nonexistent/short-write"
  }

  /// Writes a text file and returns its path.
  func file(_ name: String, _ text: String) -> String { file(name, Array(text.utf8)) }

  /// Whether there is a file of this path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The path of a pipe that gives a short text and ends; its descriptor stays open.
  static func pipe(holding text: String) -> String? {
    var ends: [Int32] = [0, 0]
    #if canImport(Darwin)
      guard Darwin.pipe(&ends) == 0 else { return nil }
    #else
      guard Glibc.pipe(&ends) == 0 else { return nil }
    #endif
    let bytes = Array(text.utf8)
    let count = write(ends[1], bytes, bytes.count)
    close(ends[1])
    return count == bytes.count ? "/dev/fd/\(ends[0])" : nil
  }

  /// The bytes of a file.
  static func contents(_ path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(descriptor, &chunk, chunk.count), count > 0 {
      bytes += chunk[..<count]
    }
    return bytes
  }
}
