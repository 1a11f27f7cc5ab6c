import ArgumentParser
import Seamstone

/// `demo-writer`: what the demo kills. Writes batch after batch and says so when each is acknowledged.
struct DemoWriterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo-writer", abstract: "Write until killed; used by demo.", shouldDisplay: false)

  @OptionGroup var location: StoreArguments

  @Option var round: Int

  /// More than any demo waits for.
  private static let maximumBatches = 100_000

  func run() throws {
    let store = try location.openForWriting(background: true)
    defer { store.close() }
    let journal = try store.collection(DemoJournal.collection)
    for batch in 0..<Self.maximumBatches {
      try journal.upsert(DemoJournal.batch(round: round, batch))
      StandardOutput.line("\(batch)")
      StandardOutput.flush()
    }
  }
}
