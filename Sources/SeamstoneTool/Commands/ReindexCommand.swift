import ArgumentParser
import Seamstone

/// `reindex`: another index, encoding or transform for a collection.
struct ReindexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reindex",
    abstract: "Change the index, the encoding or the transform of a collection.",
    discussion: "The old index answers until the new one is finished.")

  @OptionGroup var place: CollectionArguments

  @OptionGroup var index: IndexOptions

  func validate() throws {
    guard !index.isEmpty else {
      throw ValidationError(
        "Say what is to change: --index, its parameters, --encoding or --transform.")
    }
  }

  func run() throws {
    let store = try place.location.openForWriting(background: false)
    defer { store.close() }
    let collection = try store.collection(place.collection)
    let start = Clock.now()
    let known = try collection.configuration()
    try index.check(against: known.index, of: place.collection)
    try collection.reconfigure(
      index: index.index(from: known.index),
      encoding: index.encoding.encoding(from: known.encoding), transform: index.transform)
    try IndexingWatch.run(collection, title: "reindex") {
      if try collection.indexStage() == .loading {
        try collection.build()
      } else {
        try collection.compact()
      }
    }
    try IndexNotes.show(store, collection)
    let actual = try collection.configuration()
    Console.message(
      "\(place.collection): \(Describe.index(actual.index)), \(Describe.storage(actual.encoding, actual.transform)), in "
        + Format.duration(Clock.seconds(since: start)))
  }
}
