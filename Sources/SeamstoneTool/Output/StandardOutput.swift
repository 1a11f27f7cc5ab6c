import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Standard output, buffered: the data of a command and nothing else.
enum StandardOutput {
  private static let pending = Mutex<[UInt8]>([])
  private static let capacity = 1 << 16

  /// Writes text as it is.
  static func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes a line.
  static func line(_ text: String = "") { write(text + "\n") }

  /// Writes bytes.
  static func write(_ bytes: [UInt8]) {
    pending.withLock { pending in
      pending.append(contentsOf: bytes)
      if pending.count >= capacity { drain(&pending) }
    }
  }

  /// Hands everything to the system.
  static func flush() { pending.withLock { drain(&$0) } }

  private static func drain(_ bytes: inout [UInt8]) {
    defer { bytes.removeAll(keepingCapacity: true) }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Self.system(buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        // Nobody reads any more, or the disk is full: there is nobody left to tell but the shell.
        exit(ExitStatus.inputOutput.rawValue)
      }
      written += count
    }
  }

  private static func system(_ base: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
      Darwin.write(STDOUT_FILENO, base, count)
    #else
      unsafe Glibc.write(STDOUT_FILENO, base, count)
    #endif
  }
}
