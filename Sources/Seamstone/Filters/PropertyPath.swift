import ObjectStorage

/// The way to a property: its name, and for properties of nested objects the names on the way.
///
/// `"author.name"` has two components. A list of objects on the way stands for each of them.
public struct PropertyPath: Hashable, Sendable, Codable {
  /// The names, outermost first; never empty.
  public let components: [String]

  /// Creates a path from its names. No names at all are taken as one empty name.
  public init(components: [String]) { self.components = components.isEmpty ? [""] : components }

  /// Creates a path from names separated by dots.
  public init(_ dotted: String) {
    components = dotted.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }
}

extension PropertyPath: ExpressibleByStringLiteral {
  /// Creates a path from names separated by dots.
  public init(stringLiteral value: String) { self.init(value) }
}

extension PropertyPath: CustomStringConvertible {
  /// The names separated by dots; a name that has a dot or a space, or is empty, in backticks.
  public var description: String {
    components.map { name in
      name.isEmpty || name.contains(where: { $0 == "." || $0 == "`" || $0.isWhitespace })
        ? "`\(name)`" : name
    }.joined(separator: ".")
  }
}

extension PropertyPath {
  /// Whether a value at the end of the path passes `test`. A missing property has no value.
  func hasValue(
    in properties: [String: PropertyValue], id: ObjectID?, _ test: (PropertyValue) -> Bool
  ) -> Bool {
    guard let first = components.first else { return false }
    if let value = properties[first] { return hasValue(in: value, from: 1, test) }
    // The object's own id, unless a property has that name.
    guard components.count == 1, first == "id", let id else { return false }
    switch id {
    case .int(let number): return test(.int(number))
    case .string(let text): return test(.string(text))
    case .uuid: return test(.string(id.description))
    }
  }

  private func hasValue(
    in value: PropertyValue, from depth: Int, _ test: (PropertyValue) -> Bool
  ) -> Bool {
    if depth == components.count { return test(value) }
    switch value {
    case .object(let members):
      guard let member = members[components[depth]] else { return false }
      return hasValue(in: member, from: depth + 1, test)
    case .array(let elements):
      return elements.contains { hasValue(in: $0, from: depth, test) }
    default: return false
    }
  }
}
