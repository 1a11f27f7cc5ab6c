import CPosixShims

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A thread of the system's own, for work that blocks: never on the cooperative pool.
package final class PosixThread: Sendable {
  /// The name it was started with.
  package let name: String
  private let handle: ConditionLock<pthread_t?>

  private init(name: String, handle: pthread_t) {
    self.name = name
    self.handle = ConditionLock(handle)
  }

  deinit {
    // Never joined: let the system clean up when it ends.
    if let thread = takeHandle() { pthread_detach(thread) }
  }

  /// Starts a thread. Linux shows the first 15 bytes of `name`. `stackSize` is in bytes; values
  /// the system does not accept are raised to the least it does.
  package static func start(
    name: String, stackSize: Int = 1 << 20, _ body: @escaping @Sendable () -> Void
  ) throws(StoreError) -> PosixThread {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    let page = max(1, Int(getpagesize()))
    let size = max(stackSize, 128 << 10)
    pthread_attr_setstacksize(&attributes, (size + page - 1) / page * page)
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(&thread, &attributes, runStart, start.toOpaque())
    guard status == 0 else {
      start.release()
      throw StoreError(
        .limitExceeded, "Thread \(name) could not be started",
        cause: "\(String(cString: strerror(status))), errno \(status)",
        remedy: "Raise the limit on threads or memory")
    }
    #if canImport(Darwin)
      guard let thread else { throw StoreError(.internalError, "No thread was created") }
    #endif
    return PosixThread(name: name, handle: thread)
  }

  /// Lets the other threads of the machine go first from now on, for work on the calling thread that nobody waits for.
  /// There is no way back.
  package static func stepBack() {
    #if canImport(Darwin)
      pthread_set_qos_class_self_np(QOS_CLASS_UTILITY, 0)
    #else
      // Linux takes it for the calling thread alone. It fails under no circumstances that matter.
      setpriority(Int32(PRIO_PROCESS.rawValue), 0, 10)
    #endif
  }

  /// Blocks until the thread has ended; further calls return at once. A thread that joins itself
  /// returns at once too.
  package func join() {
    let isSelf = handle.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    guard !isSelf, let thread = takeHandle() else { return }
    pthread_join(thread, nil)
  }

  private func takeHandle() -> pthread_t? {
    handle.withLock { handle in
      let thread = handle
      handle = nil
      return thread
    }
  }

  private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  #if canImport(Darwin)
    private static let runStart:
      @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? =
        { run($0) }
  #else
    private static let runStart:
      @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
        { $0.flatMap { run($0) } }
  #endif

  private static func run(_ raw: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
    posix_shim_name_thread(String(decoding: start.name.utf8.prefix(15), as: UTF8.self))
    start.body()
    return nil
  }
}
