import ObjectStorage
import StorageIO
import Yams

/// Turns the nodes of a document into values.
struct YAMLReader {
  /// The most values of a document, with what aliases repeat.
  private static let maximumCount = 100_000

  private var count = 0

  static func refusal(_ reason: String, at mark: Mark? = nil) -> StoreError {
    let place = mark.map { " (line \($0.line), column \($0.column))" } ?? ""
    return StoreError(.invalidConfiguration, "The YAML cannot be read: \(reason)\(place)")
  }

  mutating func value(of node: Node, depth: Int) throws(StoreError) -> PropertyValue {
    count += 1
    guard count <= YAMLReader.maximumCount else {
      throw YAMLReader.refusal("more than \(YAMLReader.maximumCount) values", at: node.mark)
    }
    guard depth < PropertyValue.maximumDepth else {
      throw YAMLReader.refusal(
        "nested deeper than \(PropertyValue.maximumDepth) levels", at: node.mark)
    }
    switch node {
    case .scalar(let scalar): return try value(of: scalar, node)
    case .sequence(let sequence):
      var values: [PropertyValue] = []
      for element in sequence { values.append(try value(of: element, depth: depth + 1)) }
      return .array(values)
    case .mapping(let mapping):
      var members: [String: PropertyValue] = [:]
      for (key, element) in mapping {
        guard case .scalar(let name) = key else {
          throw YAMLReader.refusal("a key must be a text", at: key.mark)
        }
        let value = try value(of: element, depth: depth + 1)
        guard members.updateValue(value, forKey: name.string) == nil else {
          throw YAMLReader.refusal("the key \"\(name.string)\" is given twice", at: key.mark)
        }
      }
      return .object(members)
    case .alias: throw YAMLReader.refusal("an alias of nothing", at: node.mark)
    }
  }

  private func value(of scalar: Node.Scalar, _ node: Node) throws(StoreError) -> PropertyValue {
    switch Tag.Name(rawValue: node.tag.rawValue) {
    case .null: return .null
    case .bool: return node.bool.map { .bool($0) } ?? .string(scalar.string)
    case .int:
      if let number = node.int { return .int(Int64(number)) }
      return try float(node) ?? .string(scalar.string)
    case .float: return try float(node) ?? .string(scalar.string)
    default: return .string(scalar.string)
    }
  }

  private func float(_ node: Node) throws(StoreError) -> PropertyValue? {
    guard let number = node.float else { return nil }
    guard number.isFinite else {
      throw YAMLReader.refusal("a number is not finite", at: node.mark)
    }
    return .double(number)
  }
}

extension YamlError {
  /// What is wrong, in one line.
  var reason: String {
    switch self {
    case .reader(let problem, let offset, _, _):
      return problem + (offset.map { " at byte \($0)" } ?? "")
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return "\(problem) (line \(mark.line), column \(mark.column))"
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.map { "\"\($0)\"" }.joined(separator: ", ")
      return "the key \(names) is given twice (line \(context.mark.line))"
    default: return "\(self)"
    }
  }
}
