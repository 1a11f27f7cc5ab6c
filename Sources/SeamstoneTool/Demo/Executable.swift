#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The program that is running.
enum Executable {
  /// Its path; what the shell called it if the system does not say.
  static let path: String = {
    var buffer = [CChar](repeating: 0, count: 4_096)
    #if canImport(Darwin)
      var size = UInt32(buffer.count)
      let isKnown = _NSGetExecutablePath(&buffer, &size) == 0
    #else
      let isKnown = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1) > 0
    #endif
    let end = buffer.firstIndex(of: 0) ?? buffer.count
    let path = String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return isKnown ? path : CommandLine.arguments.first ?? "seamstone"
  }()
}
