import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Counts the forks between this process and its ancestors, so that a handle opened before a
/// `fork` is recognised in the child, where LMDB's locks and reader slots are not valid.
///
/// A counter that a fork handler raises costs one load per check, a call of `getpid` would cost a
/// system call per search.
enum ForkGuard {
  private static let forks = Atomic<UInt64>(0)
  private static let isInstalled =
    pthread_atfork(nil, nil, { ForkGuard.forks.wrappingAdd(1, ordering: .relaxed) }) == 0

  /// Differs between a process and any process forked from it.
  static var generation: UInt64 { forks.load(ordering: .relaxed) }

  /// Starts counting; returns the generation of this process.
  static func install() -> UInt64 {
    _ = isInstalled
    return generation
  }
}
