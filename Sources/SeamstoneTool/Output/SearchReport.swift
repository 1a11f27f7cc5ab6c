import Seamstone

/// Prints the results of queries as they come, as one JSON document or as a table.
struct SearchReport {
  private let isJSON: Bool
  private let isSilent: Bool
  private let hasManyQueries: Bool
  private var count = 0
  private var hasBegun = false
  /// Whether the results of each query were cut; empty where nobody could cut them.
  private var truncated: [Bool] = []

  init(isJSON: Bool, isSilent: Bool, hasManyQueries: Bool) {
    self.isJSON = isJSON
    self.isSilent = isSilent
    self.hasManyQueries = hasManyQueries
  }

  private mutating func begin() {
    if isJSON, !hasBegun { StandardOutput.write("{\"results\":[") }
    hasBegun = true
  }

  /// Ends the document of a run that failed, if it was begun: what there is of it can be read.
  mutating func abandon() { if hasBegun { end() } }

  mutating func end() {
    begin()
    guard isJSON else { return }
    StandardOutput.write("]")
    if !truncated.isEmpty {
      StandardOutput.write(",\"truncated\":")
      StandardOutput.write(JSONDocument.array(truncated.map { .bool($0) }).text)
    }
    StandardOutput.line("}")
  }

  /// Prints the results of the next query.
  mutating func append(_ hits: [SearchHit<VectorObject>]) {
    defer { count += 1 }
    if isSilent { return }
    begin()
    if isJSON {
      if count > 0 { StandardOutput.write(",") }
      StandardOutput.write(JSONDocument.array(hits.map(document)).text)
    } else {
      table(hits)
    }
  }

  /// Prints what `nearVector` found for the next query.
  mutating func append(_ result: WeaviateResult) {
    let isFirst = count == 0
    truncated.append(result.truncated)
    guard isJSON, !isSilent else {
      append(
        result.hits.map { SearchHit(id: $0.id, distance: $0.distance, object: $0.object) })
      if result.truncated, !isSilent { Console.message("There are more inside the bound") }
      return
    }
    count += 1
    begin()
    if !isFirst { StandardOutput.write(",") }
    StandardOutput.write(JSONDocument.array(result.hits.map(document)).text)
  }

  private func document(_ hit: WeaviateHit) -> JSONDocument {
    .object([
      ("id", .id(hit.id)), ("distance", .float(hit.distance)),
      ("certainty", .optional(hit.certainty) { .float($0) }),
      ("properties", .properties(hit.object.properties)),
    ])
  }

  private func document(_ hit: SearchHit<VectorObject>) -> JSONDocument {
    .object([
      ("id", .id(hit.id)), ("distance", .float(hit.distance)),
      ("properties", .properties(hit.object.properties)),
    ])
  }

  private func table(_ hits: [SearchHit<VectorObject>]) {
    var table = TextTable([("id", .right), ("distance", .right), ("properties", .left)])
    for hit in hits {
      table.append([
        hit.id.description, Format.decimal(Double(hit.distance), places: 4),
        Describe.properties(hit.object.properties),
      ])
    }
    if hasManyQueries { StandardOutput.line("\(count > 0 ? "\n" : "")query \(count)") }
    table.show()
  }
}
