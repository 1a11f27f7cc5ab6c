#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension PosixFileSystem {
  /// The names in a directory, sorted by their bytes, without "." and "..".
  package func list(_ path: String) throws(StoreError) -> [String] {
    guard let directory = opendir(path) else {
      throw .system("Opening the directory", errno: errno, at: .init(path: path))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else {
        let number = errno
        if number == 0 { break }
        throw .system("Reading the directory", errno: number, at: .init(path: path))
      }
      // The name ends the record, so its address is taken from the record, not from a copy.
      let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
      let raw = UnsafeRawPointer(entry) + offset
      let name = String(cString: raw.assumingMemoryBound(to: CChar.self))
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Creates a directory and the parents it lacks, durably; an existing one is fine.
  package func makeDirectory(_ path: String) throws(StoreError) {
    var missing: [String] = []
    var current = path
    while !current.isEmpty, !(try isDirectory(current)) {
      missing.append(current)
      current = Self.parent(of: current)
    }
    for directory in missing.reversed() {
      if mkdir(directory, 0o755) != 0 {
        let number = errno
        let place = StoreError.Location(path: directory)
        guard number == EEXIST, try isDirectory(directory) else {
          throw .system("Creating the directory", errno: number, at: place)
        }
      }
      try syncDirectory(Self.parent(of: directory))
    }
  }

  /// Removes an empty directory.
  package func removeDirectory(_ path: String) throws(StoreError) {
    if rmdir(path) != 0 {
      throw .system("Removing the directory", errno: errno, at: .init(path: path))
    }
  }

  /// Whether two paths lead to one file or directory, by device and inode.
  package func isSame(_ path: String, as other: String) throws(StoreError) -> Bool {
    var first = stat()
    var second = stat()
    for (path, isFirst) in [(path, true), (other, false)] {
      let status = isFirst ? stat(path, &first) : stat(path, &second)
      if status == 0 { continue }
      let number = errno
      if number == ENOENT || number == ENOTDIR { return false }
      throw .system("Looking for the file", errno: number, at: .init(path: path))
    }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// How many bytes an unprivileged user can still write on the volume of `path`.
  package func freeSpace(_ path: String) throws(StoreError) -> UInt64 {
    var info = statvfs()
    while statvfs(path, &info) != 0 {
      let number = errno
      if number == EINTR { continue }
      throw .system("Asking for free space", errno: number, at: .init(path: path))
    }
    let (bytes, overflow) = UInt64(info.f_bavail).multipliedReportingOverflow(
      by: UInt64(info.f_frsize))
    return overflow ? .max : bytes
  }

  /// The directory part of a path: "." for a plain name, "/" for the root.
  package static func parent(of path: String) -> String {
    var parts = path[...]
    while parts.count > 1, parts.last == "/" { parts.removeLast() }
    guard let slash = parts.lastIndex(of: "/") else { return "." }
    var parent = parts[..<slash]
    while parent.last == "/" { parent.removeLast() }
    return parent.isEmpty ? "/" : String(parent)
  }

  private func isDirectory(_ path: String) throws(StoreError) -> Bool {
    var info = stat()
    if stat(path, &info) == 0 {
      if info.st_mode & S_IFMT == S_IFDIR { return true }
      throw StoreError(
        .alreadyExists, "A file is where a directory should be", at: .init(path: path),
        remedy: "Choose another path, or move the file away")
    }
    let number = errno
    // Where a file is in the way, the caller comes to it when it looks for the parents.
    if number == ENOENT || number == ENOTDIR { return false }
    throw .system("Looking for the directory", errno: number, at: .init(path: path))
  }
}
