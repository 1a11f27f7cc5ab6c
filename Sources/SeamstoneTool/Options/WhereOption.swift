import ArgumentParser
import Seamstone

/// A condition on properties, in the JSON of Weaviate's `where`.
struct WhereOption: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only objects whose properties match.",
      discussion: #"{"path":["section"],"operator":"Equal","valueText":"science"}"#,
      valueName: "json"))
  var condition: String?

  /// The condition as a filter; nil if there is none.
  func filter() throws -> Filter? {
    try condition.map { (json) throws(StoreError) in try Filter(whereJSON: json) }
  }
}
