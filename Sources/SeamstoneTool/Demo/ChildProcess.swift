#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A second process of this program whose standard output is read here.
struct ChildProcess {
  let id: pid_t
  private let output: Int32

  /// Starts the program with some arguments.
  init(arguments: [String]) throws(ToolError) {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw ChildProcess.failed("pipe", errno) }
    defer { close(ends[1]) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    unsafe posix_spawn_file_actions_addclose(&actions, ends[0])
    unsafe posix_spawn_file_actions_addclose(&actions, ends[1])
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([Executable.path] + arguments).map {
      unsafe strdup($0)
    }
    unsafe words.append(nil)
    defer { for index in unsafe words.indices { unsafe free(words[index]) } }
    var child: pid_t = 0
    let status = unsafe posix_spawn(&child, Executable.path, &actions, nil, words, environ)
    guard status == 0 else {
      close(ends[0])
      throw ChildProcess.failed("posix_spawn", status)
    }
    id = child
    output = ends[0]
  }

  /// Reads what the child printed; empty after its end.
  func read() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      #if canImport(Darwin)
        let count = Darwin.read(output, &buffer, buffer.count)
      #else
        let count = unsafe Glibc.read(output, &buffer, buffer.count)
      #endif
      if count < 0, errno == EINTR { continue }
      return Array(buffer.prefix(max(0, count)))
    }
  }

  /// Ends the child where it stands, without giving it a chance.
  func kill() {
    #if canImport(Darwin)
      _ = Darwin.kill(id, SIGKILL)
    #else
      _ = Glibc.kill(id, SIGKILL)
    #endif
  }

  /// Waits for the child's end and releases everything; true if a signal ended it.
  func wait() -> Bool {
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
    close(output)
    return status & 0x7F != 0
  }

  private static func failed(_ call: String, _ number: Int32) -> ToolError {
    ToolError(.inputOutput, unsafe "\(call) failed: \(String(cString: strerror(number)))")
  }
}
