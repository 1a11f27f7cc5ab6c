import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A directory of its own for a test, removed with everything in it when the last reference goes.
public final class TemporaryDirectory: Sendable {
  /// Where it is.
  public let path: String

  /// Where memory serves as a disk, if this system has that; else nil. Syncs cost nothing there.
  public static let inMemory: String? = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil

  /// Creates a fresh directory below `base`; without one below TMPDIR or /tmp.
  public init(in base: String? = nil) throws(StoreError) {
    let base = base ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/seamstone-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw StoreError.system("mkdtemp", errno: errno, at: .init(path: base))
    }
    path = template.withUnsafeBytes { raw in
      String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  deinit { Self.removeTree(path) }

  /// The path of an entry.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Removes a file or a directory with everything in it; what is not there is fine.
  public static func removeTree(_ path: String) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    if info.st_mode & S_IFMT == S_IFDIR {
      for name in (try? PosixFileSystem().list(path)) ?? [] { removeTree("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Copies a file, or a directory with everything in it but what has one of these names.
  public static func copyTree(
    _ path: String, to copy: String, except: Set<String> = []
  ) throws(StoreError) {
    let files = PosixFileSystem()
    var info = stat()
    guard stat(path, &info) == 0 else {
      throw StoreError.system("stat", errno: errno, at: .init(path: path))
    }
    if info.st_mode & S_IFMT == S_IFDIR {
      try files.makeDirectory(copy)
      for name in try files.list(path) where !except.contains(name) {
        try copyTree("\(path)/\(name)", to: "\(copy)/\(name)", except: except)
      }
      return
    }
    let file = try files.openFile(path)
    defer { file.close() }
    let target = try files.createFile(copy)
    try file.readBytes(file.length, at: 0).withRawBytes { raw throws(StoreError) in
      try target.append(raw)
    }
    try target.close()
  }
}
