import ObjectStorage
public import StorageIO

extension WeaviateClass {
  /// The configuration of a collection for this class.
  /// - Parameter dimensions: The length of the vectors; nil where the first one decides.
  /// - Throws: `invalidConfiguration` if the class does not go with the dimensions.
  public func collectionConfiguration(
    dimensions: Int? = nil, indexTypes: [WeaviateIndexType] = []
  ) throws(StoreError) -> CollectionConfiguration {
    let configuration = try configuration(dimensions: dimensions, indexTypes: indexTypes)
    try requireFitting(configuration.dimensions)
    try configuration.validate()
    return configuration
  }

  /// The configuration that the class asks for.
  ///
  /// A class that enables no compression is stored as `int8`: its residuals rank candidates and the originals
  /// give exact distances, so nothing of it shows but the memory it saves.
  func configuration(
    dimensions: Int?, indexTypes: [WeaviateIndexType]
  ) throws(StoreError) -> CollectionConfiguration {
    var configuration = try indexConfiguration(dimensions: dimensions, indexTypes: indexTypes)
    configuration.vectorizer = vectorizer
    if configuration.vectorizer != nil { configuration.vectorizerProperties = vectorizedProperties }
    return configuration
  }

  /// The properties whose texts the vectorizer gets: those of texts that do not say `skip` for it.
  var vectorizedProperties: [String] {
    properties.filter { $0.holdsText && !$0.isSkipped(by: vectorizer) }.map(\.name)
  }

  private func indexConfiguration(
    dimensions: Int?, indexTypes: [WeaviateIndexType]
  ) throws(StoreError) -> CollectionConfiguration {
    switch index {
    case .hnsw(let settings):
      return CollectionConfiguration(
        dimensions: dimensions, metric: settings.distance,
        index: settings.skip ? .flat : .hnsw(settings.graph),
        encoding: settings.compression.encoding, filtering: settings.filtering)
    case .flat(let settings):
      return CollectionConfiguration(
        dimensions: dimensions, metric: settings.distance, index: .flat,
        encoding: settings.encoding)
    case .dynamic(let settings):
      return CollectionConfiguration(
        dimensions: dimensions, metric: settings.distance,
        index: settings.hnsw.skip ? .flat : .hnsw(settings.graph), encoding: settings.encoding,
        filtering: settings.hnsw.filtering)
    case .custom(let name, let members):
      guard let type = indexTypes.first(where: { $0.name == name }) else {
        throw StoreError(
          .invalidConfiguration, "The vectorIndexType \"\(name)\" is not registered",
          remedy: "In Swift, open the store with it in StoreOptions.weaviateIndexTypes")
      }
      var configuration = try type.configuration(members)
      configuration.dimensions = dimensions ?? configuration.dimensions
      return configuration
    }
  }

  /// What is wrong with what properties say to the vectorizer.
  static func vectorizerProblems(
    _ vectorizer: String, _ properties: [WeaviateProperty]
  ) -> [String] {
    guard vectorizer != VectorizerName.none else { return [] }
    var problems = properties.flatMap { $0.problems(vectorizer: vectorizer) }
    if problems.isEmpty, !properties.isEmpty,
      !properties.contains(where: { $0.holdsText && !$0.isSkipped(by: vectorizer) })
    {
      problems.append(
        "the vectorizer \"\(vectorizer)\" has no texts: no property of text or text[] is without skip"
      )
    }
    return problems
  }

  /// This class with text properties that are not in `old` kept from the vectorizer. Vectors of other texts could not
  /// be compared with those that are there; and the class that is given back must say so.
  func skippingNewTexts(
    since old: WeaviateClass, _ known: CollectionConfiguration
  ) throws(StoreError) -> WeaviateClass {
    guard known.vectorizer != nil, !known.vectorizerProperties.isEmpty else { return self }
    let before = Set(old.properties.map(\.name))
    let problems = SettingsProblems()
    let properties = properties.map { property in
      guard property.holdsText, !before.contains(property.name) else { return property }
      if property.kept["moduleConfig"]?.member(vectorizer)?.member("skip") == .bool(false) {
        problems.add(
          "moduleConfig.\(vectorizer).skip of \"\(property.name)\" cannot be false: texts of properties that "
            + "come later are not vectorised")
      }
      return property.skipped(by: vectorizer)
    }
    try WeaviateClass.refuse(problems.texts, [], type: index.type, name: name)
    return WeaviateClass(
      name: name, details: details, properties: properties, vectorizer: vectorizer, index: index,
      kept: kept)
  }

  /// This class with another `vectorIndexConfig`.
  func having(_ settings: [String: PropertyValue]) throws(StoreError) -> WeaviateClass {
    var members = named
    members["vectorIndexConfig"] = .object(settings)
    return try WeaviateClass(members, indexTypes: nil)
  }

  /// This class after its collection was configured otherwise without a class.
  func adopting(_ configuration: CollectionConfiguration) -> WeaviateClass {
    WeaviateClass(
      name: name, details: details, properties: properties, vectorizer: vectorizer,
      index: index.adopting(configuration), kept: kept)
  }

  /// The class that results when a new definition is given for this one: what it does not say stays as it
  /// is. Properties are added, or changed by name.
  func members(changedBy new: [String: PropertyValue]) -> [String: PropertyValue] {
    var new = new
    // No name is no change.
    if new["vectorIndexType"] == "" { new.removeValue(forKey: "vectorIndexType") }
    let members = named
    var merged = WeaviateClass.merge(new, into: members)
    if merged["vectorIndexType"] != members["vectorIndexType"] {
      // Settings of one type mean nothing to another.
      merged["vectorIndexConfig"] = new["vectorIndexConfig"] ?? [:]
    }
    return merged
  }

  private static func merge(
    _ new: [String: PropertyValue], into old: [String: PropertyValue]
  ) -> [String: PropertyValue] {
    var merged = old
    for (name, value) in new {
      switch (old[name], value) {
      case (_?, .null): break
      case (.object(let before)?, .object(let now)):
        merged[name] = .object(merge(now, into: before))
      case (.array(let before)?, .array(let now))
      where name == "properties" || name == "nestedProperties":
        merged[name] = .array(merge(now, into: before))
      default: merged[name] = value
      }
    }
    return merged
  }

  /// Lists of properties, merged by their names.
  private static func merge(
    _ new: [PropertyValue], into old: [PropertyValue]
  ) -> [PropertyValue] {
    var all = old
    for property in new {
      if case .object(let now) = property,
        let place = all.firstIndex(where: { $0.member("name") == property.member("name") }),
        case .object(let before) = all[place]
      {
        all[place] = .object(merge(now, into: before))
      } else {
        all.append(property)
      }
    }
    return all
  }

  /// Refuses a change from `old` to this where it concerns what cannot change.
  func requireChangeable(from old: WeaviateClass) throws(StoreError) {
    let problems = SettingsProblems()
    problems.requireSame("vectorizer", old.vectorizer, vectorizer)
    WeaviateProperty.check(properties, changedFrom: old.properties, problems)
    for property in properties {
      guard let before = old.properties.first(where: { $0.name == property.name }) else { continue }
      problems.requireSame(
        "moduleConfig.\(vectorizer).skip of \"\(property.name)\"",
        before.isSkipped(by: vectorizer), property.isSkipped(by: vectorizer))
    }
    let inner = SettingsProblems()
    index.check(changedFrom: old.index, inner)
    try WeaviateClass.refuse(problems.texts, inner.texts, type: old.index.type, name: name)
  }
}

extension PropertyValue {
  /// A member of an object; nil for anything else.
  func member(_ name: String) -> PropertyValue? {
    if case .object(let members) = self { return members[name] }
    return nil
  }
}
