import ArgumentParser

/// Whether the answer is one JSON document instead of text for people.
struct JSONOption: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Print one JSON document instead of a table.")
  var isJSON = false
}
