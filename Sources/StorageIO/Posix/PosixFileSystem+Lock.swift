#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension PosixFileSystem {
  /// Locks a file, created if need be, by flock(2) without waiting.
  ///
  /// An exclusive holder writes its process id into the file, only so that the error of the next
  /// one can name it.
  package func lock(_ path: String, exclusive: Bool) throws(StoreError) -> FileLock {
    let descriptor = try Self.open(path, O_RDWR | O_CREAT | O_CLOEXEC)
    while flock(descriptor, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0 {
      let number = errno
      if number == EINTR { continue }
      let holder = Self.holder(descriptor)
      close(descriptor)
      guard number == EWOULDBLOCK else {
        throw .system("Locking", errno: number, at: .init(path: path))
      }
      throw StoreError(
        .locked, "Another process or handle holds the lock", at: .init(path: path),
        cause: holder.map { "last taken by process \($0)" },
        remedy: "Close the other one first, or open read-only")
    }
    if exclusive { Self.writeHolder(descriptor) }
    let owner = getpid()
    return FileLock(path: path) { Self.release(descriptor, owner: owner) }
  }

  /// Unlocks before closing: the lock belongs to the open file, and a child that another thread is just
  /// starting has a copy of the descriptor until it calls exec. Closing alone would leave the file
  /// locked until then. A forked child must not unlock what its parent holds, so it only closes.
  private static func release(_ descriptor: Int32, owner: pid_t) {
    if getpid() == owner { while flock(descriptor, LOCK_UN) != 0, errno == EINTR {} }
    close(descriptor)
  }

  private static func holder(_ descriptor: Int32) -> Int? {
    var buffer = [UInt8](repeating: 0, count: 24)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    return Int(String(decoding: buffer.prefix(count).prefix { $0 != 10 }, as: UTF8.self))
  }

  private static func writeHolder(_ descriptor: Int32) {
    // Best effort: a full disk must not keep a store from opening.
    let text = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
  }
}
