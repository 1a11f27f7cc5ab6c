import CFileCalls

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One way in which calls to the system fail.
package struct CallFault: Sendable, CustomStringConvertible {
  package let description: String
  private let kinds: Int
  private let error: Int32
  private var isSticky = false
  private var isCarriedOut = false
  /// Whether what a failed sync was to write never reaches the disk, although programs go on to see it.
  var losesSyncs = false

  private static let changes =
    FILE_CALL_CREATE | FILE_CALL_WRITE | FILE_CALL_RESIZE | FILE_CALL_RENAME
    | FILE_CALL_MAKE_DIRECTORY | FILE_CALL_LINK

  /// Everything that is tried at every call.
  package static let all: [CallFault] = [
    CallFault("full disk, once", Int(changes), ENOSPC),
    CallFault("full disk", Int(changes), ENOSPC, isSticky: true),
    CallFault("I/O error, once", Int(FILE_CALL_ALL), EIO),
    CallFault("I/O errors", Int(FILE_CALL_ALL), EIO, isSticky: true),
    CallFault("I/O error after the deed", Int(FILE_CALL_ALL), EIO, isCarriedOut: true),
    CallFault(
      "interruption",
      Int(FILE_CALL_OPEN | FILE_CALL_WRITE | FILE_CALL_SYNC | FILE_CALL_RESIZE | FILE_CALL_READ),
      EINTR),
    CallFault("short write", Int(FILE_CALL_WRITE), 0),
    CallFault("short writes", Int(FILE_CALL_WRITE), 0, isSticky: true),
    CallFault("failed sync that had written", Int(FILE_CALL_SYNC), EIO, isCarriedOut: true),
    CallFault("failed sync that had not", Int(FILE_CALL_SYNC), EIO, losesSyncs: true),
    CallFault("failed syncs", Int(FILE_CALL_SYNC), EIO, isSticky: true),
  ]

  private init(
    _ description: String, _ kinds: Int, _ error: Int32, isSticky: Bool = false,
    isCarriedOut: Bool = false, losesSyncs: Bool = false
  ) {
    self.description = description
    self.kinds = kinds
    self.error = error
    self.isSticky = isSticky
    self.isCarriedOut = isCarriedOut
    self.losesSyncs = losesSyncs
  }

  /// Makes the call after `passing` ones fail; with `isSticky` all that follow too.
  func arm(passing: Int) {
    var fault = file_fault()
    fault.kinds = Int32(kinds)
    fault.passing = passing
    fault.failing = isSticky ? .max : 1
    fault.error = error
    fault.is_carried_out = isCarriedOut ? 1 : 0
    file_calls_fail(&fault)
  }

  /// Calls succeed again.
  static func disarm() { file_calls_fail(nil) }

  /// Whether a call has failed since `arm`.
  static var hasHappened: Bool { file_calls_failures() > 0 }
}
