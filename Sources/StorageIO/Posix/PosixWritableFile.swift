#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file written by pwrite(2).
final class PosixWritableFile: WritableFile {
  let path: String
  private let state: ConditionLock<State>

  private struct State {
    /// -1 once closed.
    var descriptor: Int32
    var length = 0
  }

  init(path: String, descriptor: Int32) {
    self.path = path
    state = ConditionLock(State(descriptor: descriptor))
  }

  deinit { try? close() }

  var length: Int { state.withLock { $0.length } }

  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      try write(bytes, at: state.length, &state)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      try write(bytes, at: offset, &state)
    }
  }

  func sync() throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      try PosixFileSystem.sync(try descriptor(of: state), path)
    }
  }

  func close() throws(StoreError) {
    let old = state.withLock { state in
      defer { state.descriptor = -1 }
      return state.descriptor
    }
    guard old >= 0 else { return }
    // Never again after EINTR: the descriptor is gone on Linux, and may be another file's by then.
    #if canImport(Darwin)
      let status = Darwin.close(old)
    #else
      let status = Glibc.close(old)
    #endif
    if status != 0, errno != EINTR {
      throw .system("Closing", errno: errno, at: .init(path: path))
    }
  }

  private func descriptor(of state: borrowing State) throws(StoreError) -> Int32 {
    guard state.descriptor >= 0 else {
      throw StoreError(.closed, "The file is closed", at: .init(path: path))
    }
    return state.descriptor
  }

  private func write(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, _ state: inout State
  ) throws(StoreError) {
    let descriptor = try descriptor(of: state)
    let place = StoreError.Location(path: path, offset: offset)
    let (end, overflow) = offset.addingReportingOverflow(bytes.count)
    guard offset >= 0, !overflow else {
      throw StoreError(.invalidArgument, "Writing outside of what a file can hold", at: place)
    }
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
      if count > 0 {
        done += count
        state.length = max(state.length, offset + done)
      } else if count == 0 {
        throw StoreError(.io, "The system writes nothing", at: place)
      } else if errno != EINTR {
        throw .system("Writing \(bytes.count) bytes", errno: errno, at: place)
      }
    }
    state.length = max(state.length, end)
  }
}
