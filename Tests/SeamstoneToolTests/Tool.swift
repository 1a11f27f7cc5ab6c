import JSONText
import ObjectStorage
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Runs the built `seamstone` in a folder of its own.
struct Tool {
  /// What a run left behind.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    /// Standard output as JSON.
    func json(_ place: SourceLocation = #_sourceLocation) throws -> PropertyValue {
      try #require(try? PropertyValue(json: output), "not JSON: \(output)", sourceLocation: place)
    }
  }

  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A path in the folder.
  func path(_ name: String) -> String { "\(directory.file(name))" }

  /// Writes a file and gives its path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = try #require(fopen(path(name), "w"))
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    return path(name)
  }

  /// Writes a text file and gives its path.
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  /// Runs the tool to its end.
  func run(_ arguments: String...) throws -> Outcome {
    try run(arguments)
  }

  /// Runs the tool to its end.
  func run(_ arguments: [String]) throws -> Outcome {
    try finish(try start(arguments))
  }

  /// Starts the tool; its output goes to files.
  func start(_ arguments: [String]) throws -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 1, path("stdout.txt"), flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, path("stderr.txt"), flags, 0o600)
    var words: [UnsafeMutablePointer<CChar>?] = ([Tool.executable] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, Tool.executable, &actions, nil, words, environ)
    try #require(status == 0, "\(Tool.executable) cannot be started")
    return child
  }

  /// Waits for a run to end.
  func finish(_ child: pid_t) throws -> Outcome {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    return Outcome(status: code, output: read("stdout.txt"), errors: read("stderr.txt"))
  }

  private func read(_ name: String) -> String {
    guard let file = fopen(path(name), "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `seamstone` beside the test bundle, or in the usual build folder.
  static let executable: String = {
    var folders: [String] = []
    let arguments = CommandLine.arguments
    if let flag = arguments.firstIndex(of: "--test-bundle-path"), flag + 1 < arguments.count {
      folders.append(arguments[flag + 1] + "/..")
    }
    if let first = arguments.first, let slash = first.lastIndex(of: "/") {
      folders.append(String(first[..<slash]))
    }
    let root = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    folders.append("/\(root)/.build/debug")
    let found = folders.map { $0 + "/seamstone" }.first { access($0, X_OK) == 0 }
    return found ?? "/\(root)/.build/debug/seamstone"
  }()
}

extension PropertyValue {
  /// A member of an object; null if there is none.
  subscript(_ name: String) -> PropertyValue {
    if case .object(let members) = self { return members[name] ?? .null }
    return .null
  }

  /// An element of an array; null if there is none.
  subscript(_ index: Int) -> PropertyValue {
    if case .array(let values) = self, values.indices.contains(index) { return values[index] }
    return .null
  }

  /// The names of an object's members, sorted.
  var names: [String] {
    if case .object(let members) = self { return members.keys.sorted() }
    return []
  }

  /// The elements of an array.
  var elements: [PropertyValue] {
    if case .array(let values) = self { return values }
    return []
  }

  /// A number of either kind.
  var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }
}
