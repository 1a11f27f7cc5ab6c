#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the two output streams are connected to.
enum Terminal {
  /// Whether standard output is read by a person.
  static let isOutputInteractive = isatty(STDOUT_FILENO) == 1
  /// Whether progress bars make sense.
  static let isErrorInteractive = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"

  /// Whether colours may be used on standard error; see https://no-color.org.
  static let usesColor = isErrorInteractive && (environment("NO_COLOR") ?? "").isEmpty
  /// The same for standard output.
  static let usesColorOnOutput = isOutputInteractive && (environment("NO_COLOR") ?? "").isEmpty

  /// Columns of the terminal behind a descriptor; nil if it is none.
  static func width(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
