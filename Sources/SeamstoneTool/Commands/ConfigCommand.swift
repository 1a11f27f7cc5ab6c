import ArgumentParser

/// `config`: what configurations mean.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Look at configurations.",
    subcommands: [ConfigCheckCommand.self])
}
