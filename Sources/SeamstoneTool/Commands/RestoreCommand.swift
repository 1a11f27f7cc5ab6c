import ArgumentParser
import Seamstone

/// `restore`: makes a store of a backup.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Make a store of a backup; the backup stays as it is.",
    discussion: "An interrupted restore leaves no store, and can be run again.")

  @Argument(help: "A directory that `backup` has made.", completion: .directory)
  var backup: String

  @Argument(help: "A directory that is empty or does not exist.", completion: .directory)
  var store: String

  @OptionGroup var output: JSONOption

  func run() throws {
    let start = Clock.now()
    let bar = ProgressBar("restore")
    defer { bar.finish() }
    let report = try Store.restore(from: FilePath(backup), to: FilePath(store)) {
      bar.update(fraction: CopyOutput.fraction($0))
    }
    bar.finish()
    if output.isJSON {
      CopyOutput.document(report).show()
    } else {
      CopyOutput.show(report, "Version \(report.version) is in \(store)", since: start)
    }
  }
}
