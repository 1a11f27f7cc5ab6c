#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension StoreError {
  /// An error for a failed system call: `noSpace` for a full disk, `notFound` for a missing file,
  /// `alreadyExists` for a name that is taken, `limitExceeded` for too many open files, `io` for anything else.
  package static func system(
    _ call: String, errno number: Int32, at location: Location, remedy: String? = nil
  ) -> StoreError {
    let code: Code
    switch number {
    case ENOSPC, EDQUOT: code = .noSpace
    case ENOENT, ENOTDIR: code = .notFound
    case EEXIST: code = .alreadyExists
    case EMFILE, ENFILE: code = .limitExceeded
    default: code = .io
    }
    let advice: String? =
      switch number {
      case ENOSPC, EDQUOT: "Free some space and try again"
      case EACCES, EPERM, EROFS:
        "Check the owner and the permissions of the file and of its directory; a store that is only "
          + "searched needs to write lock.mdb, too"
      default: nil
      }
    let text = String(cString: strerror(number))
    return StoreError(
      code, "\(call) failed", at: location, cause: "\(text), errno \(number)",
      remedy: remedy ?? advice)
  }

  /// The error for a store on a file system of another machine.
  package static func onNetwork(_ kind: String, at location: Location) -> StoreError {
    StoreError(
      .notSupported, "The store lies on a network file system (\(kind))", at: location,
      cause: "Locks and shared maps cannot be trusted there",
      remedy: "Move the store to a local disk")
  }
}
