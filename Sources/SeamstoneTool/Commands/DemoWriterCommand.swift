import ArgumentParser

struct DemoWriterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "demo-writer", shouldDisplay: false)
}
