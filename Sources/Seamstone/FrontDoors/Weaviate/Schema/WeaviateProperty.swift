import JSONText
import ObjectStorage

/// A property of a Weaviate class: its name and what values it may have.
public struct WeaviateProperty: Hashable, Sendable {
  /// The name, in an object's properties.
  public let name: String
  /// What values it may have.
  public let dataType: WeaviateDataType
  /// What it means, for people.
  public let details: String?
  /// Whether filters find it by an index; others look at the objects.
  public let isFilterable: Bool
  /// Whether filters find ranges of it by an index: the same one.
  public let hasRangeFilters: Bool
  /// The members of a property that is an object; none are declared if it is empty.
  public let nested: [WeaviateProperty]
  /// Settings that are kept as they were given and mean nothing here.
  let kept: [String: PropertyValue]
}

extension WeaviateProperty {
  private static let keptFlags = ["indexInverted", "indexSearchable"]
  private static let keptObjects = ["moduleConfig"]
  private static let tokenizations = [
    "word", "lowercase", "whitespace", "field", "trigram", "gse", "kagome_ja", "kagome_kr",
    "gse_ch",
  ]
  private static let keys =
    [
      "name", "dataType", "description", "indexFilterable", "indexRangeFilters", "nestedProperties",
      "tokenization",
    ] + keptFlags + keptObjects

  /// Reads the members of the list of properties `name`; problems name the place of each.
  static func list(
    _ name: String, in reader: SettingsReader, place: String = ""
  ) -> [WeaviateProperty] {
    guard let value = reader.value(name) else { return [] }
    guard case .array(let elements) = value else {
      reader.problems.add("\(place)\(name) is \(value.excerpt); it must be a list")
      return []
    }
    var found: [WeaviateProperty] = []
    var names: Set<String> = []
    for (index, element) in elements.enumerated() {
      let here = "\(place)\(name)[\(index)]"
      guard let property = WeaviateProperty(element, at: here, reader.problems) else { continue }
      if !names.insert(property.name.lowercased()).inserted {
        reader.problems.add("\(here): there are two properties \"\(property.name)\"")
      }
      found.append(property)
    }
    return found
  }

  private init?(_ value: PropertyValue, at place: String, _ problems: SettingsProblems) {
    guard case .object(let members) = value else {
      problems.add("\(place) is \(value.excerpt); it must be an object in braces")
      return nil
    }
    let reader = SettingsReader(
      members, known: WeaviateProperty.keys, prefix: "\(place).", problems: problems)
    let name = reader.text("name") ?? ""
    if let problem = WeaviateProperty.problem(name: name) { problems.add("\(place): \(problem)") }
    self.name = name
    dataType = WeaviateProperty.type(reader, place)
    details = reader.text("description")
    isFilterable = reader.flag("indexFilterable", true)
    hasRangeFilters = reader.flag("indexRangeFilters", false)
    nested = WeaviateProperty.list("nestedProperties", in: reader, place: "\(place).")
    if !nested.isEmpty, dataType != .object {
      problems.add("\(place): nestedProperties go with the dataType object only")
    }
    var kept: [String: PropertyValue] = [:]
    for key in WeaviateProperty.keptFlags where reader.value(key) != nil {
      kept[key] = .bool(reader.flag(key, true))
    }
    for key in WeaviateProperty.keptObjects {
      if let object = reader.object(key) { kept[key] = .object(object) }
    }
    if let tokenization = reader.text("tokenization") {
      kept["tokenization"] = .string(tokenization)
      if !WeaviateProperty.tokenizations.contains(tokenization) {
        let remedy = NearestName.remedy(
          for: tokenization, among: WeaviateProperty.tokenizations)
        problems.add(
          "\(place): unknown tokenization \"\(JSONScanner.excerpt(tokenization))\" (\(remedy))")
      }
    }
    self.kept = kept
  }

  /// Names that filters can say: letters, digits and underscores, at most 231, no digit first.
  private static func problem(name: String) -> String? {
    if name.isEmpty { return "name is missing or empty" }
    if ["id", "_id", "_additional"].contains(name) { return "the name \"\(name)\" is reserved" }
    let isPlain = name.utf8.enumerated().allSatisfy { index, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
      default: false
      }
    }
    guard isPlain, name.utf8.count <= 231 else {
      return
        "the name \"\(JSONScanner.excerpt(name))\" must be 1 to 231 of a-z, A-Z, 0-9 and _, and not "
        + "begin with a digit"
    }
    return nil
  }

  private static func type(_ reader: SettingsReader, _ place: String) -> WeaviateDataType {
    guard case .array(let names) = reader.value("dataType"), names.count == 1,
      case .string(let name) = names.first
    else {
      reader.problems.add("\(place).dataType must be a list with one name, such as [\"text\"]")
      return .text
    }
    if let type = WeaviateDataType(rawValue: name) { return type }
    let excerpt = JSONScanner.excerpt(name)
    let known = WeaviateDataType.allCases.map(\.rawValue)
    if WeaviateDataType.unsupported.contains(name) {
      reader.problems.add(
        "\(place): the dataType \"\(excerpt)\" is not supported (supported: "
          + "\(known.joined(separator: ", ")))")
    } else if name.first?.isUppercase == true {
      reader.problems.add(
        "\(place): the dataType \"\(excerpt)\" is a reference to a class, which is not supported")
    } else {
      reader.problems.add(
        "\(place): unknown dataType \"\(excerpt)\" (\(NearestName.remedy(for: name, among: known)))"
      )
    }
    return .text
  }

  /// The JSON form with the defaults filled in.
  var value: PropertyValue {
    var members = kept
    members["name"] = .string(name)
    members["dataType"] = .array([.string(dataType.rawValue)])
    members["indexFilterable"] = .bool(isFilterable)
    members["indexRangeFilters"] = .bool(hasRangeFilters)
    if let details { members["description"] = .string(details) }
    if !nested.isEmpty { members["nestedProperties"] = .array(nested.map(\.value)) }
    return .object(members)
  }

  /// What was said and has no effect.
  /// - Parameter vectorizer: That of the class: what it says to this one, `skip`, has one.
  func notes(vectorizer: String) -> [String] {
    var notes: [String] = []
    for (key, value) in kept.sorted(by: { $0.key < $1.key }) {
      guard key == "moduleConfig", case .object(let modules) = value else {
        notes.append("\(name): \(key) has no effect")
        continue
      }
      for (module, settings) in modules.sorted(by: { $0.key < $1.key }) {
        guard holdsText, module == vectorizer, case .object(let settings) = settings else {
          notes.append("\(name): moduleConfig.\(module) has no effect")
          continue
        }
        for setting in settings.keys.sorted() where setting != "skip" {
          notes.append("\(name): moduleConfig.\(module).\(setting) has no effect")
        }
      }
    }
    // Nested texts are not vectorised.
    return notes
      + nested.flatMap { $0.notes(vectorizer: VectorizerName.none) }.map { "\(name).\($0)" }
  }
}
