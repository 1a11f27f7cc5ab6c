#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Messages to the person at the terminal, on standard error.
enum Console {
  /// Says something.
  static func message(_ text: String) { write(text + "\n") }

  /// Says that something is not as it should be, though the work goes on.
  static func warning(_ text: String) {
    write(paint("warning:", "33") + " " + text + "\n")
  }

  /// Says why the command failed and what can be done about it.
  static func error(_ text: String, remedy: String?) {
    write(paint("error:", "1;31") + " " + text + "\n")
    if let remedy { write("  " + remedy + "\n") }
  }

  /// Writes to standard error at once. Failures are ignored: there is no better place to report
  /// them.
  static func write(_ text: String) {
    StandardOutput.flush()
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Self.system($0) }
      if count < 0 {
        if errno == EINTR { continue }
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }

  private static func system(_ buffer: UnsafeRawBufferPointer) -> Int {
    #if canImport(Darwin)
      Darwin.write(STDERR_FILENO, buffer.baseAddress, buffer.count)
    #else
      unsafe Glibc.write(STDERR_FILENO, buffer.baseAddress, buffer.count)
    #endif
  }

  private static func paint(_ text: String, _ code: String) -> String {
    Terminal.usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
