import ArgumentParser
import Seamstone

/// `verify`: looks for damage and contradictions; changes nothing.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Look for damage; exit code 1 if there is some.",
    discussion: """
      Checks segment files against the manifest, counts against each other, and lets sampled vectors \
      search for themselves. With --deep everything is read: LMDB's pages, the checksums of all \
      values, every object and original, every block of a segment, every link of a graph. Nothing is \
      changed; each finding comes with the command that mends it.
      """)

  @OptionGroup var location: StoreArguments

  @Flag(help: "Read everything.")
  var deep = false

  @OptionGroup var output: JSONOption

  func run() throws {
    let start = Clock.now()
    let report = try Store.verify(at: FilePath(location.store), deep: deep)
    if output.isJSON {
      VerificationOutput.document(report, deep: deep).show()
    } else {
      VerificationOutput.show(report, since: start)
    }
    if !report.findings.isEmpty { throw QuietExit(status: .problemsFound) }
  }
}
