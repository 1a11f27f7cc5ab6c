import Seamstone

/// The figures of a store as JSON and as tables.
enum StatisticsReport {
  static func document(_ statistics: StoreStatistics) -> JSONDocument {
    .object([
      ("version", .int(Int(clamping: statistics.version))),
      ("collections", .array(statistics.collections.map(document))),
      ("disk_bytes", .int(statistics.diskBytes)),
      ("object_bytes", .int(statistics.objectBytes)),
    ])
  }

  /// One collection.
  static func document(_ collection: CollectionStatistics) -> JSONDocument {
    .object([
      ("name", .string(collection.name)), ("count", .int(collection.count)),
      ("vectors", .int(collection.vectorCount)), ("deleted", .int(collection.deleted)),
      ("tail", .int(collection.tail)), ("status", .string(collection.status)),
      ("index_stage", .optional(collection.indexStage) { .string($0.rawValue) }),
      ("missing_index_kind", .optional(collection.missingIndexKind) { .string($0) }),
      ("read_only_reason", .optional(collection.readOnlyReason) { .string($0) }),
      ("outdated", .int(collection.outdated)),
      ("failure", .optional(collection.failure) { .string($0) }),
      ("last_conversion_error", .optional(collection.lastConversionError) { .string($0) }),
      ("dimensions", .optional(collection.dimensions) { .int($0) }),
      ("metric", .string(collection.metric.rawValue)),
      ("index", Describe.document(collection.index)),
      ("encoding", Describe.document(collection.encoding)),
      ("transform", .string("\(collection.transform)")),
      ("segments", .array(collection.segments.map(document))),
      ("property_indexes", .array(collection.propertyIndexes.map(document))),
    ])
  }

  static func propertyIndexDocument(_ collection: CollectionStatistics) -> JSONDocument {
    .object([("property_indexes", .array(collection.propertyIndexes.map(document)))])
  }

  private static func document(_ index: PropertyIndex) -> JSONDocument {
    .object([("path", .string("\(index.path)")), ("complete", .bool(index.isComplete))])
  }

  private static func document(_ segment: SegmentStatistics) -> JSONDocument {
    .object([
      ("id", .int(Int(clamping: segment.id))), ("kind", .string(segment.kind)),
      ("encoding", .string(segment.encoding)), ("transform", .string(segment.transform)),
      ("count", .int(segment.count)),
      ("deleted", .int(segment.deleted)), ("bytes", .int(segment.bytes)),
      ("identifier", .string(segment.identifier)),
    ])
  }

  static func show(_ statistics: StoreStatistics) {
    var table = TextTable([
      ("collection", .left), ("objects", .right), ("vectors", .right), ("deleted", .right),
      ("tail", .right), ("segments", .right), ("dimensions", .right), ("metric", .left),
      ("index", .left), ("encoding", .left), ("status", .left),
    ])
    for collection in statistics.collections {
      table.append([
        collection.name, Format.count(collection.count), Format.count(collection.vectorCount),
        Format.count(collection.deleted), Format.count(collection.tail),
        "\(collection.segments.count)", collection.dimensions.map { "\($0)" } ?? "-",
        collection.metric.rawValue, Describe.index(collection.index),
        Describe.storage(collection.encoding, collection.transform),
        collection.status + (collection.indexStage.map { ", \($0.rawValue)" } ?? ""),
      ])
    }
    table.show()
    for collection in statistics.collections where !collection.segments.isEmpty {
      StandardOutput.line()
      segments(of: collection).show()
    }
    for collection in statistics.collections where !collection.propertyIndexes.isEmpty {
      StandardOutput.line()
      propertyIndexes(of: collection).show()
    }
    for collection in statistics.collections {
      guard let error = collection.lastConversionError else { continue }
      StandardOutput.line()
      StandardOutput.line("\(collection.name): the conversion failed: \(Describe.oneLine(error))")
    }
    StandardOutput.line()
    StandardOutput.line(
      "\(Format.bytes(statistics.diskBytes)) on disk, \(Format.bytes(statistics.objectBytes)) of "
        + "them objects and original vectors")
  }

  static func propertyIndexes(of collection: CollectionStatistics) -> TextTable {
    var table = TextTable([("\(collection.name): property index", .left), ("state", .left)])
    for index in collection.propertyIndexes {
      table.append(["\(index.path)", index.isComplete ? "complete" : "being built"])
    }
    return table
  }

  private static func segments(of collection: CollectionStatistics) -> TextTable {
    var table = TextTable([
      ("\(collection.name): segment", .right), ("kind", .left), ("encoding", .left),
      ("rows", .right), ("deleted", .right), ("size", .right),
    ])
    for segment in collection.segments {
      table.append([
        "\(segment.id)", segment.kind,
        segment.transform == "none"
          ? segment.encoding : "\(segment.transform), \(segment.encoding)",
        Format.count(segment.count),
        Format.count(segment.deleted), Format.bytes(segment.bytes),
      ])
    }
    return table
  }
}
