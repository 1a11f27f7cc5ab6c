import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A directory of its own for one test, removed with everything in it when the object goes away.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws(StoreError) {
    var template = Array("/tmp/seamstone-objects-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } }
    guard let made else {
      throw StoreError.system("mkdtemp", errno: errno, at: .init(path: "/tmp"))
    }
    path = String(cString: made)
  }

  deinit {
    for name in (try? PosixFileSystem().list(path)) ?? [] { unlink(path + "/" + name) }
    rmdir(path)
  }

  var dataPath: String { path + "/data.mdb" }
}
