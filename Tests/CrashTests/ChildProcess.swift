import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A running `CrashHarness`.
final class ChildProcess {
  let pid: pid_t
  private let input: Int32
  private let output: Int32
  private var buffered: [UInt8] = []
  private var status: Int32?

  init(_ arguments: [String]) throws {
    let path = try Self.harness()
    var toChild: [Int32] = [0, 0]
    var fromChild: [Int32] = [0, 0]
    guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else {
      throw StoreError.system("pipe", errno: errno, at: .init(path: path))
    }
    // A child that another test starts at the same time must not keep these open.
    for descriptor in toChild + fromChild { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    var strings: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    strings.append(nil)
    defer { for string in strings { free(string) } }
    var started = pid_t()
    let code = posix_spawn(&started, path, &actions, nil, strings, environ)
    close(toChild[0])
    close(fromChild[1])
    guard code == 0 else {
      throw StoreError.system("posix_spawn", errno: code, at: .init(path: path))
    }
    pid = started
    input = toChild[1]
    output = fromChild[0]
  }

  deinit {
    kill()
    close(input)
    close(output)
  }

  /// Kills it, if it runs, and waits for its end.
  func kill() {
    guard status == nil else { return }
    _ = systemKill(pid, SIGKILL)
    wait()
  }

  /// Waits for its end; answers the exit status, or minus the signal.
  @discardableResult
  func wait() -> Int32 {
    if let status { return status }
    var raw: Int32 = 0
    while waitpid(pid, &raw, 0) == -1, errno == EINTR {}
    let result = raw & 0x7f == 0 ? (raw >> 8) & 0xff : -(raw & 0x7f)
    status = result
    return result
  }

  /// Whether it is still running.
  var isRunning: Bool {
    guard status == nil else { return false }
    var raw: Int32 = 0
    guard waitpid(pid, &raw, WNOHANG) == pid else { return true }
    status = raw & 0x7f == 0 ? (raw >> 8) & 0xff : -(raw & 0x7f)
    return false
  }

  /// Sends a line.
  func send(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(input, bytes, bytes.count)
  }

  /// The next line that it prints; nil at its end.
  func readLine() -> String? {
    while true {
      if let end = buffered.firstIndex(of: 10) {
        let line = String(decoding: buffered[..<end], as: UTF8.self)
        buffered.removeFirst(end + 1)
        return line
      }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = read(output, &chunk, chunk.count)
      if count <= 0 { return nil }
      buffered.append(contentsOf: chunk[..<count])
    }
  }

  /// Sends a command and reads the answer.
  func ask(_ command: String) -> String? {
    send(command)
    return readLine()
  }

  /// The rest of what it prints.
  func readAll() -> [String] {
    var lines: [String] = []
    while let line = readLine() { lines.append(line) }
    return lines
  }

  /// The harness lies beside the test program.
  private static func harness() throws -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    #if canImport(Darwin)
      let program = CommandLine.arguments[0]
    #else
      let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
      let program = String(
        decoding: buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #endif
    var directory = program.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    while !directory.isEmpty {
      let path = directory.joined(separator: "/") + "/CrashHarness"
      if access(path, X_OK) == 0 { return path }
      directory = directory.dropLast()
    }
    throw StoreError(.notFound, "CrashHarness was not built", at: .init(path: program))
  }
}

#if canImport(Darwin)
  private func systemKill(_ pid: pid_t, _ signal: Int32) -> Int32 { Darwin.kill(pid, signal) }
#else
  private func systemKill(_ pid: pid_t, _ signal: Int32) -> Int32 { Glibc.kill(pid, signal) }
#endif
