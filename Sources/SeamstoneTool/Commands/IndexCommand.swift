import ArgumentParser
import Seamstone

/// `index`: makes, drops and lists the indexes on properties.
struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Index properties, so that filters need not look at every object.",
    discussion: """
      Without --property the indexes are listed. An index costs every write a little; a filter on a property without one \
      looks at objects. What a class declares is indexed by itself unless it says indexFilterable: false.
      """)

  @OptionGroup var place: CollectionArguments

  @Option(
    name: .customLong("property"),
    help: ArgumentHelp(
      "A property, or one of nested objects as author.name; may be given several times.",
      valueName: "path"))
  var properties: [PropertyPath] = []

  @Flag(help: "Remove the indexes instead.")
  var drop = false

  @OptionGroup var output: JSONOption

  func validate() throws {
    if drop, properties.isEmpty { throw ValidationError("--drop needs --property.") }
  }

  func run() throws {
    let store =
      try properties.isEmpty
      ? place.location.openForReading() : place.location.openForWriting(background: false)
    defer { store.close() }
    let collection = try store.collection(place.collection)
    for property in properties {
      let start = Clock.now()
      if drop {
        try collection.dropPropertyIndex(property)
      } else {
        try collection.createPropertyIndex(property)
      }
      Console.message(
        "\(place.collection): \(drop ? "dropped the index on" : "indexed") \(property), "
          + Format.duration(Clock.seconds(since: start)))
    }
    guard properties.isEmpty || output.isJSON else { return }
    let statistics = try store.statistics().collections.filter { $0.name == place.collection }
    for collection in statistics {
      if output.isJSON {
        StatisticsReport.propertyIndexDocument(collection).show()
      } else {
        StatisticsReport.propertyIndexes(of: collection).show()
      }
    }
  }
}
