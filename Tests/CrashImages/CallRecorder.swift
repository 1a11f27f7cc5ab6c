import CFileCalls

/// Watches the calls on the files below one directory. There is one for the process.
package enum CallRecorder {
  /// Whether calls can be watched on this system, in this build (not under sanitizers, which replace them too).
  package static var isAvailable: Bool { file_calls_are_watched() != 0 }

  /// Records what `body` does below `directory`.
  package static func record(
    below directory: String, _ body: () throws -> Void
  ) throws -> [FileCall] {
    file_calls_watch(directory)
    file_calls_record(1)
    defer {
      file_calls_record(0)
      file_calls_watch(nil)
    }
    try body()
    file_calls_pause()
    return recorded()
  }

  /// The calls recorded so far.
  package static func recorded() -> [FileCall] {
    (0..<file_calls_count()).compactMap { number in
      file_calls_get(number).flatMap { FileCall($0.pointee) }
    }
  }

  /// Notes a number between the calls.
  package static func mark(_ number: UInt64) { file_calls_mark(number) }
}
