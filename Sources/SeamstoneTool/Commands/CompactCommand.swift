import ArgumentParser
import Seamstone

/// `compact`: brings indexes to rest now. Reads all checksums first: a damaged segment is built anew by the
/// time it ends.
struct CompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact", abstract: "Seal and merge now until nothing is left to do.",
    discussion: "Every index file is checked first, and built anew if it is damaged or missing.")

  @OptionGroup var location: StoreArguments

  @Argument(help: "Only this collection.")
  var collection: String?

  @Flag(help: "Merge everything into one segment.")
  var full = false

  func run() throws {
    let store = try location.openForWriting(background: false, verification: .full)
    defer { store.close() }
    let names = try collection.map { [$0] } ?? store.collectionNames()
    for name in names {
      let collection = try store.collection(name)
      let start = Clock.now()
      try IndexingWatch.run(collection, title: "compact \(name)") {
        try collection.compact(full: full)
      }
      try IndexNotes.show(store, collection)
      let figures = try store.statistics().collections.first { $0.name == name }
      Console.message(
        "\(name): \(Format.plural(figures?.segments.count ?? 0, "segment")), "
          + "\(Format.count(figures?.tail ?? 0)) in the tail, "
          + Format.duration(Clock.seconds(since: start)))
    }
  }
}
