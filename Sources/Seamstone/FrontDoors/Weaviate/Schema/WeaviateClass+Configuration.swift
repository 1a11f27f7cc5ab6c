import ObjectStorage
import StorageIO

extension WeaviateClass {
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
  private var vectorizedProperties: [String] {
    properties.filter { property in
      guard property.dataType == .text || property.dataType == .texts else { return false }
      let settings = property.kept["moduleConfig"]?.member(vectorizer)
      return settings?.member("skip") != .bool(true)
    }.map(\.name)
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
          remedy: "Open the store with it in StoreOptions.weaviateIndexTypes")
      }
      var configuration = try type.configuration(members)
      configuration.dimensions = dimensions ?? configuration.dimensions
      return configuration
    }
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
    var merged = WeaviateClass.merge(new, into: members)
    if merged["vectorIndexType"] != members["vectorIndexType"] {
      // Settings of one type mean nothing to another.
      merged["vectorIndexConfig"] = new["vectorIndexConfig"] ?? [:]
    }
    if case .array(let changed) = new["properties"], case .array(var all) = members["properties"] {
      for property in changed {
        if let place = all.firstIndex(where: { $0.member("name") == property.member("name") }),
          case .object(let new) = property, case .object(let old) = all[place]
        {
          all[place] = .object(WeaviateClass.merge(new, into: old))
        } else {
          all.append(property)
        }
      }
      merged["properties"] = .array(all)
    }
    return merged
  }

  private static func merge(
    _ new: [String: PropertyValue], into old: [String: PropertyValue]
  ) -> [String: PropertyValue] {
    old.merging(new) { old, new in
      switch (old, new) {
      case (_, .null): old
      case (.object(let old), .object(let new)): .object(merge(new, into: old))
      default: new
      }
    }
  }

  /// Refuses a change from `old` to this where it concerns what cannot change.
  func requireChangeable(from old: WeaviateClass) throws(StoreError) {
    let problems = WeaviateProblems()
    problems.requireSame("vectorizer", old.vectorizer, vectorizer)
    for property in properties {
      guard let before = old.properties.first(where: { $0.name == property.name }) else { continue }
      problems.requireSame(
        "dataType of \"\(property.name)\"", before.dataType, property.dataType
      ) { $0.rawValue }
    }
    let inner = WeaviateProblems()
    index.check(changedFrom: old.index, inner)
    try WeaviateClass.refuse(problems.texts, inner.texts, type: old.index.type, name: name)
  }
}

extension PropertyValue {
  /// A member of an object; nil for anything else.
  fileprivate func member(_ name: String) -> PropertyValue? {
    if case .object(let members) = self { return members[name] }
    return nil
  }
}
