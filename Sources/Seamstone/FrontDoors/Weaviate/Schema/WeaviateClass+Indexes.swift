import ObjectStorage

/// Which properties filters find by an index.
extension WeaviateClass {
  /// The declared properties that are to be indexed, members of nested objects included: those with
  /// `indexFilterable`, which is usual, or `indexRangeFilters`. One index serves both. An object has none of its own;
  /// where it says false, nothing in it has one.
  var indexedPaths: [PropertyPath] { WeaviateClass.paths(of: properties, prefix: []) }

  private static func paths(
    of properties: [WeaviateProperty], prefix: [String]
  ) -> [PropertyPath] {
    properties.filter(\.isIndexed).flatMap { property in
      let path = prefix + [property.name]
      return property.dataType == .object
        ? paths(of: property.nested, prefix: path) : [PropertyPath(components: path)]
    }
  }

  /// This class after the index on a property was made or dropped without it.
  func indexing(_ path: PropertyPath, _ isIndexed: Bool) -> WeaviateClass {
    WeaviateClass(
      name: name, details: details,
      properties: WeaviateClass.indexing(properties, path.components[...], isIndexed),
      vectorizer: vectorizer, index: index, kept: kept)
  }

  private static func indexing(
    _ properties: [WeaviateProperty], _ path: ArraySlice<String>, _ isIndexed: Bool
  ) -> [WeaviateProperty] {
    properties.map { property in
      guard property.name == path.first else { return property }
      let isLast = path.count == 1
      guard !isLast || property.isIndexed != isIndexed else { return property }
      return WeaviateProperty(
        name: property.name, dataType: property.dataType, details: property.details,
        isFilterable: isLast ? isIndexed : property.isFilterable,
        hasRangeFilters: property.hasRangeFilters && (!isLast || isIndexed),
        nested: isLast
          ? property.nested : indexing(property.nested, path.dropFirst(), isIndexed),
        kept: property.kept)
    }
  }
}

extension WeaviateProperty {
  /// Whether filters are to find it by an index.
  fileprivate var isIndexed: Bool { isFilterable || hasRangeFilters }
}
