#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How many processors this machine has running.
enum ProcessorCount {
  static let online = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
