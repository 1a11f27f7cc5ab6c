import ArgumentParser
import Seamstone

/// `init`: makes a collection, and the store if there is none.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create a collection, and the store if there is none.",
    discussion: "A collection that exists with the same dimensions and metric is left as it is.")

  @OptionGroup var place: CollectionArguments

  @Option(help: "Components of each vector; the first write decides if nothing is said.")
  var dimensions: Int?

  @Option(help: "cosine, dot, l2-squared, manhattan or hamming. (default: cosine)")
  var metric: Metric?

  @OptionGroup var index: IndexOptions

  @Option(
    name: .customLong("config"), help: "A JSON file with the same settings; options go first.",
    completion: .file(extensions: ["json"]))
  var file: String?

  func run() throws {
    let settings = try file.map { try SettingsFile.read($0) } ?? SettingsFile()
    let wanted = try settings.configuration(dimensions: dimensions, metric: metric, index: index)
    try wanted.validate()
    let store = try StoreAccess.openForWriting(
      place.location.store, background: false, createIfMissing: true)
    defer { store.close() }
    let name = place.collection
    let existed = try store.collectionNames().contains(name)
    let collection = try store.collection(name, wanted)
    let actual = try collection.configuration()
    let size = actual.dimensions.map { "\($0) dimensions" } ?? "dimensions set by the first write"
    Console.message(
      "\(existed ? "Found" : "Created") \(name) in \(store.path): \(size), "
        + "\(actual.metric), \(Describe.index(actual.index)), \(actual.encoding)")
    if existed, actual.index != wanted.index || actual.encoding != wanted.encoding {
      Console.warning("Its index stays as it is; `seamstone reindex` changes it")
    }
  }
}
