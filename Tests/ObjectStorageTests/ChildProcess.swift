import StorageIO
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A second process for tests: the test program itself, run again for the one test `childRole`.
///
/// Not a fork: a child forked from a process with threads may find a lock of the runtime held for ever.
final class ChildProcess {
  private let process: pid_t
  private let input: Int32
  private let output: Int32
  /// The child's ends of the two pipes.
  private static let childInput: Int32 = 198
  private static let childOutput: Int32 = 199
  private static let variable = "SEAMSTONE_OBJECTS_CHILD"

  /// Whether the test program can be run again like this.
  static var isSupported: Bool { access("/proc/self/exe", X_OK) == 0 }

  /// The role and path that this process was started with, if it is a child.
  static var request: (role: String, path: String)? {
    guard let text = getenv(variable).map({ String(cString: $0) }),
      let colon = text.firstIndex(of: ":")
    else { return nil }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }

  init(role: String, path: String) throws(StoreError) {
    var toChild: [Int32] = [-1, -1]
    var toParent: [Int32] = [-1, -1]
    guard pipe(&toChild) == 0, pipe(&toParent) == 0 else {
      throw StoreError.system("pipe", errno: errno, at: .init(path: path))
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild[0], ChildProcess.childInput)
    posix_spawn_file_actions_adddup2(&actions, toParent[1], ChildProcess.childOutput)
    posix_spawn_file_actions_addclose(&actions, toChild[1])
    posix_spawn_file_actions_addclose(&actions, toParent[0])
    let executable = "/proc/self/exe"
    let arguments = [executable, "--testing-library", "swift-testing", "--filter", "childRole"]
    var environment = ["\(ChildProcess.variable)=\(role):\(path)"]
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH"] {
      if let value = getenv(name) { environment.append("\(name)=\(String(cString: value))") }
    }
    var argumentPointers = arguments.map { strdup($0) } + [nil]
    var environmentPointers = environment.map { strdup($0) } + [nil]
    var started = pid_t()
    let code = posix_spawn(
      &started, executable, &actions, nil, &argumentPointers, &environmentPointers)
    for pointer in argumentPointers + environmentPointers { free(pointer) }
    close(toChild[0])
    close(toParent[1])
    (process, input, output) = (started, toParent[0], toChild[1])
    guard code == 0 else { throw StoreError.system("spawn", errno: code, at: .init(path: path)) }
  }

  deinit {
    close(input)
    close(output)
  }

  /// Waits until the child has called `ChildProcess.meet`, then lets it go on.
  func meet() -> Bool {
    var byte: UInt8 = 1
    return read(input, &byte, 1) == 1 && write(output, &byte, 1) == 1
  }

  /// In the child: tells the parent and waits for it.
  static func meetParent() -> Bool {
    var byte: UInt8 = 1
    return write(childOutput, &byte, 1) == 1 && read(childInput, &byte, 1) == 1
  }

  /// The exit status of the child, once it has ended.
  func status() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
  }
}
