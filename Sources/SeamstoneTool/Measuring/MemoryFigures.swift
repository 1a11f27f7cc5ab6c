#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What this process holds in memory, as the kernel counts it. All zero where the kernel has no
/// `/proc/self/smaps_rollup`.
struct MemoryFigures: Sendable, CustomStringConvertible {
  /// Everything that is resident, in bytes.
  var resident = 0
  /// The part that belongs to no file.
  var anonymous = 0
  /// The part that the kernel can drop and read again.
  var mapped: Int { max(0, resident - anonymous) }

  /// The figures of this moment.
  static func now() -> MemoryFigures {
    var figures = MemoryFigures()
    guard let file = unsafe fopen("/proc/self/smaps_rollup", "r") else { return figures }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count >= 2, let kilobytes = Int(words[1]) else { continue }
      if words[0] == "Rss:" { figures.resident = kilobytes << 10 }
      if words[0] == "Anonymous:" { figures.anonymous = kilobytes << 10 }
    }
    return figures
  }

  var description: String {
    "\(Format.bytes(resident)) resident, \(Format.bytes(anonymous)) of them anonymous"
  }

  var document: JSONDocument {
    .object([
      ("rss_bytes", .int(resident)), ("anonymous_bytes", .int(anonymous)),
      ("mapped_bytes", .int(mapped)),
    ])
  }
}
