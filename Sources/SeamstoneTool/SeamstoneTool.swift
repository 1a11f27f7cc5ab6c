import ArgumentParser
import Seamstone

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
      StatsCommand.self, ConfigCommand.self, CompactCommand.self, VerifyCommand.self,
      RepairCommand.self, BackupCommand.self, RestoreCommand.self, ReindexCommand.self,
      IndexCommand.self, DemoCommand.self, DemoWriterCommand.self,
    ])

  static func main() {
    do {
      try checkCommandName(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      try command.run()
      StandardOutput.flush()
    } catch {
      StandardOutput.flush()
      Failure.leave(error)
    }
  }

  /// Refuses a word that is no command and says which one it may be; the argument parser would only say that
  /// it did not expect it.
  private static func checkCommandName(_ word: String?) throws {
    guard let word, !word.hasPrefix("-"), word != "help" else { return }
    let commands = configuration.subcommands.map { $0.configuration }
    guard !commands.contains(where: { $0.commandName == word }) else { return }
    let known = commands.filter(\.shouldDisplay).compactMap(\.commandName)
    throw ToolError(
      .usage, "There is no command \"\(Describe.oneLine(word))\"",
      remedy: NearestName.remedy(for: word, among: known))
  }
}
