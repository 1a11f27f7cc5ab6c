import CFileCalls

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A call that changed files, or a mark between such calls. Paths are relative to the watched directory.
package enum FileCall: Sendable, Equatable {
  case open(handle: UInt32, path: String, creates: Bool, truncates: Bool)
  /// `isDurable`: it returned only when the bytes were on the disk.
  case write(handle: UInt32, offset: Int, bytes: [UInt8], isDurable: Bool)
  case resize(handle: UInt32, length: Int)
  /// Of a file or a directory.
  case sync(handle: UInt32, isFailed: Bool)
  case rename(String, to: String)
  case link(String, to: String)
  case remove(String)
  case makeDirectory(String)
  case mark(UInt64)

  /// Nil for what changes nothing.
  init?(_ call: file_call) {
    let path = call.path.map { String(cString: $0) } ?? ""
    let newPath = call.new_path.map { String(cString: $0) } ?? ""
    let isFailed = call.is_failed != 0
    let isSync = call.kind & Int32(FILE_CALL_SYNC) != 0
    switch Int(call.kind) & ~Int(FILE_CALL_SYNC) {
    case _ where isFailed && !isSync: return nil
    case Int(FILE_CALL_OPEN):
      self = .open(
        handle: call.handle, path: path, creates: call.flags & O_CREAT != 0,
        truncates: call.flags & O_TRUNC != 0)
    case Int(FILE_CALL_WRITE):
      let bytes = UnsafeBufferPointer(start: call.bytes, count: Int(call.length))
      self = .write(
        handle: call.handle, offset: Int(call.offset), bytes: Array(bytes), isDurable: isSync)
    case Int(FILE_CALL_RESIZE): self = .resize(handle: call.handle, length: Int(call.length))
    case Int(FILE_CALL_RENAME): self = .rename(path, to: newPath)
    case Int(FILE_CALL_LINK): self = .link(path, to: newPath)
    case Int(FILE_CALL_REMOVE): self = .remove(path)
    case Int(FILE_CALL_MAKE_DIRECTORY): self = .makeDirectory(path)
    case Int(FILE_CALL_MARK): self = .mark(call.offset)
    case 0 where isSync: self = .sync(handle: call.handle, isFailed: isFailed)
    default: return nil
    }
  }
}
