import CPosixShims

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension PosixFileSystem {
  /// Gives a file that will be written through a mapping its place on the disk: where a full disk has none for
  /// a page of it, the system kills the process that touches the page.
  ///
  /// A new or empty file becomes `length` bytes long, an older one keeps its length. Where files cannot be
  /// written, or the file system does not know how to reserve, nothing happens.
  /// - Throws: `noSpace` where the disk is full.
  package static func reserve(_ path: String, length: Int) throws(StoreError) {
    let descriptor: Int32
    do throws(StoreError) {
      descriptor = try open(path, O_RDWR | O_CREAT | O_CLOEXEC)
    } catch {
      if error.code == .noSpace { throw error }
      return
    }
    defer { close(descriptor) }
    let present = try fileLength(descriptor, path)
    if posix_shim_reserve(descriptor, UInt64(present > 0 ? present : length)) == 0 { return }
    let number = errno
    if number == ENOTSUP || number == EROFS { return }
    throw .system("Reserving space", errno: number, at: .init(path: path))
  }
}
