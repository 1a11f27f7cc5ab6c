import ArgumentParser
import Seamstone

/// `config check`: says what a configuration becomes, what of it has no effect, and what is wrong.
struct ConfigCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say what a configuration becomes; exit code 78 if it cannot be used.",
    discussion: """
      The file is YAML or JSON: a configuration of txtai's, a class of Weaviate's, or the settings that `init --config` \
      takes. Nothing is created.
      """)

  @Argument(
    help: "The file.", completion: .file(extensions: ["json", "yml", "yaml"]))
  var file: String

  @Option(help: "How many vectors there will be; values that txtai derives follow from it.")
  var count = 0

  @Option(help: "Components of each vector, where the file does not say it.")
  var dimensions: Int?

  @OptionGroup var output: JSONOption

  func validate() throws {
    guard count >= 0 else { throw ValidationError("--count is \(count); give 0 or more.") }
    if let dimensions, dimensions < 1 {
      throw ValidationError("--dimensions is \(dimensions); give 1 or more.")
    }
  }

  func run() throws {
    let report = try ConfigurationReport(
      SettingsFile.read(file), count: count, dimensions: dimensions)
    if output.isJSON { report.document.show() } else { report.show(file) }
    guard report.problems.isEmpty else { throw QuietExit(status: .badConfiguration) }
  }
}
