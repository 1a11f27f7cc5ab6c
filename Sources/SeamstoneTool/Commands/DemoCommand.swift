import ArgumentParser
import Seamstone
import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// `demo`: the main job from end to end on real texts.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "See it work on 3,000 real texts, in less than a minute.",
    discussion: """
      Imports WordNet texts with their embeddings into a store in a temporary folder, searches, \
      changes and deletes some, kills a process in the middle of writes and shows that nothing \
      acknowledged is lost, and measures recall and speed.
      """)

  @Option(name: .customLong("data"), help: "The folder of the demo's data.", completion: .directory)
  var folder: String?

  func run() throws {
    let data = try DemoData.find(folder)
    let directory = try DemoCommand.makeTemporaryDirectory()
    defer { DemoCommand.remove(directory) }
    try Demo(data: data, path: directory + "/demo.seam").run()
  }

  private static func makeTemporaryDirectory() throws -> String {
    let parent = Terminal.environment("TMPDIR") ?? "/tmp"
    var template = Array((parent + "/seamstone-demo-XXXXXX").utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw ToolError(
        .inputOutput,
        unsafe "No folder can be made in \(parent): \(String(cString: strerror(errno)))",
        remedy: "Set TMPDIR to a folder that can be written to")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes a folder of folders and files, as a store is. Links are removed and not followed.
  private static func remove(_ path: String) {
    let contents = (try? PosixFileSystem().list(path)) ?? []
    for name in contents {
      // A name that cannot be unlinked is a folder.
      if unsafe unlink(path + "/" + name) != 0 { remove(path + "/" + name) }
    }
    unsafe rmdir(path)
  }
}
