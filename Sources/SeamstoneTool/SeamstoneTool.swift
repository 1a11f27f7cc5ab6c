import ArgumentParser

/// The `seamstone` command: data go to standard output, messages and progress to standard error.
@main
struct SeamstoneTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seamstone",
    abstract: "An embedded vector store: one directory of objects, vectors and indexes.",
    discussion: """
      Exit codes: 0 done, 1 problems found, 64 wrong usage, 65 bad input data, 66 no such store or \
      collection, 70 internal, 74 input or output failed, 75 locked by another process, \
      78 bad configuration.
      """,
    version: "0.1.0",
    subcommands: [
      InitCommand.self, ImportCommand.self, SearchCommand.self, GetCommand.self,
      DeleteCommand.self, ExportCommand.self, BenchCommand.self, RecallCommand.self,
      StatsCommand.self, ConfigCommand.self, CompactCommand.self, VerifyCommand.self, ReindexCommand.self,
      IndexCommand.self,
      DemoCommand.self, DemoWriterCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
      StandardOutput.flush()
    } catch {
      StandardOutput.flush()
      Failure.leave(error)
    }
  }
}
