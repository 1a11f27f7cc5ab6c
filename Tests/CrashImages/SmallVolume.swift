import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file system of its own with little space, in memory; gone with the last reference.
package final class SmallVolume {
  package let path: String
  private let ballast: String

  /// Nil where this process may not mount one.
  package init?(at path: String, bytes: Int) throws(StoreError) {
    #if os(Linux)
      self.path = path
      ballast = path + "/ballast"
      guard mkdir(path, 0o755) == 0 else {
        throw .system("mkdir", errno: errno, at: .init(path: path))
      }
      guard mount("none", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
        rmdir(path)
        return nil
      }
    #else
      return nil
    #endif
  }

  deinit {
    #if os(Linux)
      umount2(path, Int32(MNT_DETACH))
      rmdir(path)
    #endif
  }

  /// Refuses all writing from now on. The system refuses that while a file can be written, and a process that another
  /// test has started may have inherited one in the moment of its opening: then it is asked again.
  package func makeReadOnly() throws(StoreError) {
    #if os(Linux)
      for attempt in 1... {
        if mount("none", path, nil, UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 { return }
        guard errno == EBUSY, attempt < 600 else {
          throw .system("mount", errno: errno, at: .init(path: path))
        }
        usleep(50_000)
      }
    #endif
  }

  /// Takes all space that is left but `bytes`.
  package func fill(leaving bytes: Int = 0) throws(StoreError) {
    let descriptor = open(ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("open", errno: errno, at: .init(path: ballast)) }
    defer { close(descriptor) }
    let page = [UInt8](repeating: 1, count: 4096)
    while try PosixFileSystem().freeSpace(path) > UInt64(bytes) {
      if write(descriptor, page, page.count) <= 0 { break }
    }
  }

  /// Gives that space back.
  package func free() { unlink(ballast) }
}
