import ArgumentParser
import Seamstone

/// `stats`: the figures of a store.
struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Show collections, segments and sizes.")

  @OptionGroup var location: StoreArguments

  @Argument(help: "Only this collection.")
  var collection: String?

  @OptionGroup var output: JSONOption

  func run() throws {
    let store = try location.openForReading()
    defer { store.close() }
    if let collection { _ = try store.collection(collection) }
    var statistics = try store.statistics()
    if let collection { statistics.collections.removeAll { $0.name != collection } }
    if output.isJSON {
      StatisticsReport.document(statistics).show()
    } else {
      StatisticsReport.show(statistics)
    }
  }
}
