#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What this process holds in memory.
public enum OwnMemory {
  /// Bytes that belong to no file, as the kernel counts them; 0 where it does not tell.
  public static func anonymous() -> Int {
    guard let file = fopen("/proc/self/smaps_rollup", "r") else { return 0 }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = fread(&bytes, 1, bytes.count, file)
    for line in String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("Anonymous:") {
      return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }
    return 0
  }
}
