#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The real file system; together with its files the only place with system calls for files.
package struct PosixFileSystem: FileSystem {
  /// Creates it; it has no state.
  package init() {}

  /// Creates a file for writing. Throws `alreadyExists` if there is one, unless `truncating`.
  package func createFile(
    _ path: String, truncating: Bool
  ) throws(StoreError) -> any WritableFile {
    let flags = O_RDWR | O_CREAT | O_CLOEXEC | (truncating ? O_TRUNC : O_EXCL)
    return PosixWritableFile(path: path, descriptor: try Self.open(path, flags))
  }

  /// Opens a file for reading.
  package func openFile(_ path: String) throws(StoreError) -> any ReadableFile {
    let descriptor = try Self.open(path, O_RDONLY | O_CLOEXEC)
    do throws(StoreError) {
      let length = try Self.fileLength(descriptor, path)
      return PosixReadableFile(path: path, descriptor: descriptor, length: length)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Maps a whole file for reading.
  package func map(_ path: String) throws(StoreError) -> MappedFile {
    let descriptor = try Self.open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    let length = try Self.fileLength(descriptor, path)
    guard length > 0 else {
      return MappedFile(
        path: path, bytes: UnsafeRawBufferPointer(start: nil, count: 0), isMapping: false
      ) {}
    }
    guard
      let base = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0), base != MAP_FAILED
    else { throw .system("mmap of \(length) bytes", errno: errno, at: .init(path: path)) }
    let address = UInt(bitPattern: base)
    return MappedFile(
      path: path, bytes: UnsafeRawBufferPointer(start: base, count: length), isMapping: true
    ) {
      munmap(UnsafeMutableRawPointer(bitPattern: address), length)
    }
  }

  /// Renames a file, replacing what has the new name; durable after `syncDirectory`.
  package func rename(_ path: String, to newPath: String) throws(StoreError) {
    #if canImport(Darwin)
      let status = Darwin.rename(path, newPath)
    #else
      let status = Glibc.rename(path, newPath)
    #endif
    if status != 0 {
      throw .system("Renaming to \(newPath)", errno: errno, at: .init(path: path))
    }
  }

  /// Removes a file; durable after `syncDirectory`.
  package func remove(_ path: String) throws(StoreError) {
    if unlink(path) != 0 { throw .system("Removing", errno: errno, at: .init(path: path)) }
  }

  /// Gives a file a second name. Throws `notSupported` where the places do not allow it.
  package func link(_ path: String, to newPath: String) throws(StoreError) {
    #if canImport(Darwin)
      let status = Darwin.link(path, newPath)
    #else
      let status = Glibc.link(path, newPath)
    #endif
    guard status != 0 else { return }
    let number = errno
    // EPERM is what Linux says of file systems without links, and of files that one may not link.
    if [EXDEV, EPERM, EMLINK, ENOTSUP, ENOSYS].contains(number) {
      throw StoreError(
        .notSupported, "No link can be made at \(newPath)", at: .init(path: path),
        cause: StoreError.system("link", errno: number, at: .init(path: path)).cause)
    }
    throw .system("Linking to \(newPath)", errno: number, at: .init(path: path))
  }

  /// Returns when everything that was written to a file is on the disk.
  package func syncFile(_ path: String) throws(StoreError) {
    let descriptor = try Self.open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    try Self.sync(descriptor, path)
  }

  /// Makes creations, renames and removals in a directory durable.
  package func syncDirectory(_ path: String) throws(StoreError) {
    let descriptor = try Self.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    try Self.sync(descriptor, path)
  }

  /// The length of a file in bytes.
  package func length(_ path: String) throws(StoreError) -> Int {
    var info = stat()
    if stat(path, &info) != 0 {
      throw .system("Asking for the length", errno: errno, at: .init(path: path))
    }
    return Int(info.st_size)
  }

  /// Whether a file or directory exists.
  package func exists(_ path: String) throws(StoreError) -> Bool {
    var info = stat()
    if stat(path, &info) == 0 { return true }
    let number = errno
    if number == ENOENT || number == ENOTDIR { return false }
    throw .system("Looking for the file", errno: number, at: .init(path: path))
  }
}

extension PosixFileSystem {
  static func open(_ path: String, _ flags: Int32) throws(StoreError) -> Int32 {
    if path.utf8.contains(0) {
      throw StoreError(.invalidArgument, "A path contains a zero byte", at: .init(path: path))
    }
    while true {
      #if canImport(Darwin)
        let descriptor = Darwin.open(path, flags, 0o644)
      #else
        let descriptor = Glibc.open(path, flags, 0o644)
      #endif
      if descriptor >= 0 { return descriptor }
      let number = errno
      if number == EINTR { continue }
      throw .system(
        flags & O_CREAT != 0 ? "Creating" : "Opening", errno: number, at: .init(path: path))
    }
  }

  /// The length of an open regular file; anything else is refused.
  static func fileLength(_ descriptor: Int32, _ path: String) throws(StoreError) -> Int {
    var info = stat()
    if fstat(descriptor, &info) != 0 {
      throw .system("Asking for the length", errno: errno, at: .init(path: path))
    }
    guard info.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(.foreignFile, "This is not a regular file", at: .init(path: path))
    }
    return Int(info.st_size)
  }

  /// Forces a file or directory to the disk. Apple's fsync stops at the drive's cache, so a full
  /// flush is asked for where the file system has one.
  static func sync(_ descriptor: Int32, _ path: String) throws(StoreError) {
    #if canImport(Darwin)
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
      let refused = errno
      guard [ENOTSUP, ENOTTY, EINVAL].contains(refused) else {
        throw .system("F_FULLFSYNC", errno: refused, at: .init(path: path))
      }
    #endif
    while fsync(descriptor) != 0 {
      let number = errno
      if number == EINTR { continue }
      throw .system("fsync", errno: number, at: .init(path: path))
    }
  }
}
