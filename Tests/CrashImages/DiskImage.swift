import StorageIO
import TestSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Directories and files with their bytes; paths are relative to the directory that is watched.
package struct DiskImage: Sendable {
  /// Parents first.
  package var directories: [String] = []
  package var files: [(path: String, bytes: [UInt8])] = []

  package init() {}

  /// Makes a directory hold this and nothing else.
  package func write(to root: String) throws(StoreError) {
    TemporaryDirectory.removeTree(root)
    try Self.check(mkdir(root, 0o755), "mkdir", root)
    for path in directories { try Self.check(mkdir("\(root)/\(path)", 0o755), "mkdir", path) }
    for (path, bytes) in files { try Self.write(bytes, to: "\(root)/\(path)") }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    try check(descriptor, "open", path)
    defer { close(descriptor) }
    let written = bytes.isEmpty ? 0 : pwrite(descriptor, bytes, bytes.count, 0)
    guard written == bytes.count else {
      throw .system("pwrite", errno: errno, at: .init(path: path))
    }
  }

  private static func check(_ result: Int32, _ call: String, _ path: String) throws(StoreError) {
    if result < 0 { throw .system(call, errno: errno, at: .init(path: path)) }
  }
}
