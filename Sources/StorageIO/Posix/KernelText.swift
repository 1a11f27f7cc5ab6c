#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files that the kernel makes up as they are read, such as those below `/proc`; they have no length.
package enum KernelText {
  /// The text, at most 4 MiB of it; empty where there is no such file.
  package static func text(of path: String) -> String {
    guard let descriptor = try? PosixFileSystem.open(path, O_RDONLY | O_CLOEXEC) else { return "" }
    defer { close(descriptor) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while text.count < 4 << 20 {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      text.append(contentsOf: chunk.prefix(count))
    }
    return String(decoding: text, as: UTF8.self)
  }
}
