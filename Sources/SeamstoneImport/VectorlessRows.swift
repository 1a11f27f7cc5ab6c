import Seamstone

/// The rows of an import that have no vector, which may be meant or a misspelt name.
public struct VectorlessRows: Sendable, Hashable {
  /// A property of a row that looks like a vector.
  public struct Lookalike: Sendable, Hashable {
    /// The property's name.
    public var name: String
    /// How many numbers it holds.
    public var count: Int
  }

  /// How many there are.
  public private(set) var count = 0
  /// The number in the file of the first, counted from zero; nil if there is none.
  public private(set) var firstRow: Int?
  /// The longest list of numbers among the properties of the first; nil if it has none.
  public private(set) var lookalike: Lookalike?

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

  private static func lookalike(in properties: [String: PropertyValue]) -> Lookalike? {
    var found: Lookalike?
    for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
      guard case .array(let elements) = value, elements.count > found?.count ?? 1 else { continue }
      let areNumbers = elements.allSatisfy { element in
        switch element {
        case .int, .double: true
        default: false
        }
      }
      if areNumbers { found = Lookalike(name: name, count: elements.count) }
    }
    return found
  }
}
