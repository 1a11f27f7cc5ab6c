import Seamstone

/// The rows of an import that have no vector, which may be meant or a misspelt name.
struct VectorlessRows {
  private(set) var count = 0
  private var firstRow = 0
  /// A property of the first such row that looks like a vector, and the number of its components.
  private var lookalike: (name: String, count: Int)?

  /// Looks at the rows of a batch.
  mutating func add(_ batch: ImportBatch) {
    for (index, object) in batch.objects.enumerated() where object.value == nil {
      if count == 0 {
        firstRow = batch.firstRow + index
        lookalike = VectorlessRows.lookalike(in: object.properties)
      }
      count += 1
    }
  }

  /// What there is to say about them; nil for nothing.
  var warning: String? {
    guard count > 0 else { return nil }
    var text =
      "\(Format.plural(count, "row")) \(count == 1 ? "has" : "have") no vector, the first is row \(firstRow): no "
      + "search for neighbours finds \(count == 1 ? "it" : "them")"
    if let lookalike {
      text +=
        ". Its property \"\(Describe.oneLine(lookalike.name))\" is a list of "
        + "\(Format.plural(lookalike.count, "number")); a vector is called \"vector\""
    }
    return text
  }

  /// The longest list of numbers.
  private static func lookalike(
    in properties: [String: PropertyValue]
  ) -> (name: String, count: Int)? {
    var found: (name: String, count: Int)?
    for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
      guard case .array(let elements) = value, elements.count > found?.count ?? 1 else { continue }
      let areNumbers = elements.allSatisfy { element in
        switch element {
        case .int, .double: true
        default: false
        }
      }
      if areNumbers { found = (name, elements.count) }
    }
    return found
  }
}
