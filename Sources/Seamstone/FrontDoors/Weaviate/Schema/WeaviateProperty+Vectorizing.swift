import ObjectStorage

/// What a vectorizer gets of a property, and what of a property cannot change.
extension WeaviateProperty {
  /// Whether its values are texts.
  var holdsText: Bool { dataType == .text || dataType == .texts }

  /// Whether its `moduleConfig` keeps its texts from the vectorizer.
  func isSkipped(by vectorizer: String) -> Bool {
    kept["moduleConfig"]?.member(vectorizer)?.member("skip") == .bool(true)
  }

  /// What is wrong with its settings for the vectorizer of its class.
  func problems(vectorizer: String) -> [String] {
    guard let settings = kept["moduleConfig"]?.member(vectorizer) else { return [] }
    let place = "\(name): moduleConfig.\(vectorizer)"
    switch settings {
    case .null: return []
    case .object(let members):
      switch members["skip"] {
      case .none, .some(.null), .some(.bool): return []
      case .some(let skip): return ["\(place).skip is \(skip.excerpt); it must be true or false"]
      }
    default: return ["\(place) is \(settings.excerpt); it must be an object in braces"]
    }
  }

  /// This, kept from the vectorizer.
  func skipped(by vectorizer: String) -> WeaviateProperty {
    var modules: [String: PropertyValue] = [:]
    if case .object(let known)? = kept["moduleConfig"] { modules = known }
    var settings: [String: PropertyValue] = [:]
    if case .object(let known)? = modules[vectorizer] { settings = known }
    settings["skip"] = true
    modules[vectorizer] = .object(settings)
    let kept = kept.merging(["moduleConfig": .object(modules)]) { $1 }
    return WeaviateProperty(
      name: name, dataType: dataType, details: details, isFilterable: isFilterable,
      hasRangeFilters: hasRangeFilters, nested: nested, kept: kept)
  }

  /// Notes what cannot change between two lists of properties, those of nested objects included.
  static func check(
    _ properties: [WeaviateProperty], changedFrom old: [WeaviateProperty],
    _ problems: SettingsProblems, prefix: String = ""
  ) {
    for property in properties {
      guard let before = old.first(where: { $0.name == property.name }) else { continue }
      let name = prefix + property.name
      problems.requireSame("dataType of \"\(name)\"", before.dataType, property.dataType) {
        $0.rawValue
      }
      check(property.nested, changedFrom: before.nested, problems, prefix: "\(name).")
    }
  }
}
