import ArgumentParser
import Seamstone

/// `backup`: one version of the store in another directory, while writes go on.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy one version of a store, while others write to it.",
    discussion: """
      Run it again with the same destination for the next version: segments that are there already \
      are not copied again, new ones are linked where both lie on one volume. An interrupted backup \
      leaves the one before it as it was. With --verify the copy is read and its answers are compared \
      with the store's; exit code 1 if something is wrong.
      """)

  @OptionGroup var location: StoreArguments

  @Argument(
    help: "A directory that is empty, does not exist, or holds an earlier backup.",
    completion: .directory)
  var destination: String

  @Flag(help: "Read and compare the copy afterwards.")
  var verify = false

  @OptionGroup var output: JSONOption

  func run() throws {
    let start = Clock.now()
    let store = try location.openForReading()
    defer { store.close() }
    let bar = ProgressBar("backup")
    defer { bar.finish() }
    let report = try store.backup(to: FilePath(destination), verifying: verify) {
      bar.update(fraction: CopyOutput.fraction($0))
    }
    bar.finish()
    if output.isJSON {
      CopyOutput.document(report).show()
    } else {
      CopyOutput.show(report, "Version \(report.version) is in \(destination)", since: start)
      if let verification = report.verification {
        VerificationOutput.show(verification, since: start)
      }
    }
    if report.verification?.findings.isEmpty == false { throw QuietExit(status: .problemsFound) }
  }
}
