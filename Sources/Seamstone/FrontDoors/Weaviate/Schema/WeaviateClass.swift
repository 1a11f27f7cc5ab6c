import JSONText
import ObjectStorage
public import StorageIO

/// A class as Weaviate's schema defines it, read from JSON.
///
/// The built-in index types are `hnsw`, `flat` and `dynamic`, with the parameters, defaults and ranges that
/// Weaviate documents. Reading is strict: a key that is not known, a value of the wrong type and a value out
/// of its range are errors, and all of them are said at once. What is known and has no effect in one
/// process is kept, given back, and named in ``notes``.
public struct WeaviateClass: Hashable, Sendable {
  /// The name, and that of the collection.
  public let name: String
  /// What it is for.
  public let details: String?
  /// The declared properties; objects may have any properties if there are none.
  public let properties: [WeaviateProperty]
  /// What makes vectors of objects that come without one: `none`, or the name of a registered vectorizer.
  public let vectorizer: String
  /// The index type with its settings.
  let index: WeaviateIndexSettings
  /// Settings of the class that are kept as they were given and mean nothing here.
  let kept: [String: PropertyValue]

  /// The index type: `hnsw`, `flat`, `dynamic` or a registered one.
  public var vectorIndexType: String { index.type }
}

extension WeaviateClass {
  private static let keptObjects = [
    "invertedIndexConfig", "moduleConfig", "multiTenancyConfig", "replicationConfig",
    "shardingConfig",
  ]
  private static let keys =
    [
      "class", "description", "properties", "vectorizer", "vectorIndexType", "vectorIndexConfig",
    ] + keptObjects

  /// Reads a class definition.
  /// - Throws: `invalidConfiguration` with everything that is wrong.
  public init(json: String, indexTypes: [WeaviateIndexType] = []) throws(StoreError) {
    self = try WeaviateClass(
      try WeaviateClass.members(json), indexTypes: Set(indexTypes.map(\.name)))
  }

  /// The members of a class definition.
  static func members(_ json: String) throws(StoreError) -> [String: PropertyValue] {
    let value: PropertyValue
    do throws(JSONError) {
      value = try PropertyValue(json: json)
    } catch {
      throw StoreError(.invalidConfiguration, "A class is not valid JSON: \(error)")
    }
    guard case .object(let members) = value else {
      throw StoreError(
        .invalidConfiguration, "A class must be an object in braces, not \(value.kind)")
    }
    return members
  }

  /// - Parameter indexTypes: The registered index types; nil takes any name, for what a store has kept.
  init(_ members: [String: PropertyValue], indexTypes: Set<String>?) throws(StoreError) {
    let problems = SettingsProblems()
    var known = WeaviateClass.keys
    if members["vectorConfig"] != nil {
      known.append("vectorConfig")
      problems.add(
        members["vectorIndexType"] != nil || members["vectorIndexConfig"] != nil
          ? "a class-level vector index and named vectors (vectorConfig) exclude each other, and named "
            + "vectors are not supported"
          : "named vectors (vectorConfig) are not supported: a class has one vector field")
    }
    let reader = SettingsReader(members, known: known, problems: problems)
    name = reader.text("class") ?? ""
    do throws(StoreError) {
      try CollectionName.check(name)
    } catch {
      problems.add("class: \(error.message)")
    }
    details = reader.text("description")
    properties = WeaviateProperty.list("properties", in: reader)
    vectorizer = reader.text("vectorizer") ?? "none"
    // What is stored is as it is.
    if indexTypes != nil {
      for problem in WeaviateClass.vectorizerProblems(vectorizer, properties) {
        problems.add(problem)
      }
    }
    var kept: [String: PropertyValue] = [:]
    for key in WeaviateClass.keptObjects {
      if let object = reader.object(key) { kept[key] = .object(object) }
    }
    if case .object(let tenancy) = kept["multiTenancyConfig"], tenancy["enabled"] == .bool(true) {
      problems.add("multiTenancyConfig: tenants are not supported; make a class for each")
    }
    self.kept = kept
    let type = reader.text("vectorIndexType").flatMap { $0.isEmpty ? nil : $0 } ?? "hnsw"
    let settings = reader.object("vectorIndexConfig") ?? [:]
    let inner = SettingsProblems()
    if let builtIn = WeaviateIndexSettings(type: type, settings, inner) {
      index = builtIn
    } else {
      index = .custom(type, settings)
      if let indexTypes, !indexTypes.contains(type) {
        let names = WeaviateIndexSettings.builtIn + indexTypes.sorted()
        problems.add(
          "unrecognized or unsupported vectorIndexType \"\(JSONScanner.excerpt(type))\" "
            + "(\(NearestName.remedy(for: type, among: names))); types of your own are registered in Swift, with "
            + "StoreOptions.weaviateIndexTypes")
      }
    }
    try WeaviateClass.refuse(problems.texts, inner.texts, type: type, name: name)
  }

  /// One error for everything that is wrong.
  static func refuse(
    _ problems: [String], _ inner: [String], type: String, name: String
  ) throws(StoreError) {
    var parts: [String] = []
    if !problems.isEmpty {
      let title = name.isEmpty ? "invalid class" : "invalid class \"\(name)\""
      parts.append("\(title): " + problems.joined(separator: "; "))
    }
    if !inner.isEmpty {
      parts.append("invalid \(type) config: " + inner.joined(separator: "; "))
    }
    guard !parts.isEmpty else { return }
    throw StoreError(
      .invalidConfiguration, parts.joined(separator: ". "),
      remedy: "Correct the class definition; nothing was created or changed")
  }
}

extension WeaviateClass {
  /// The definition with all defaults filled in, as JSON.
  public var json: String { PropertyValue.object(members).json }

  /// The members of ``json``.
  var members: [String: PropertyValue] { members(index.members) }

  /// What a store keeps: ``members`` without what nobody named and what follows from other members.
  var named: [String: PropertyValue] { members(index.named) }

  private func members(_ settings: [String: PropertyValue]) -> [String: PropertyValue] {
    var members = kept
    members["class"] = .string(name)
    if let details { members["description"] = .string(details) }
    members["properties"] = .array(properties.map(\.value))
    members["vectorizer"] = .string(vectorizer)
    members["vectorIndexType"] = .string(vectorIndexType)
    members["vectorIndexConfig"] = .object(settings)
    return members
  }

  /// What the definition says and what has no effect here, as sentences.
  public var notes: [String] {
    kept.keys.sorted().map { "\($0) has no effect" }
      + properties.flatMap { $0.notes(vectorizer: vectorizer) } + index.notes
  }

  /// Whether objects are stored without being searched by their vectors (`skip`).
  var isSkipped: Bool { index.isSkipped }

  /// The declared properties, for checking objects.
  var schema: WeaviateSchema { WeaviateSchema(properties) }
}
