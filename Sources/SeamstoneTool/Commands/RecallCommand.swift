import ArgumentParser

struct RecallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "recall", shouldDisplay: false)
}
