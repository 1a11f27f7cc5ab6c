import VectorMath

/// The figures of a store.
public struct StoreStatistics: Sendable, Codable, Equatable {
  /// The version that the figures belong to.
  public var version: UInt64
  /// One for each collection, by name.
  public var collections: [CollectionStatistics]
  /// Bytes that the store's files take on disk.
  public var diskBytes: Int
  /// Bytes of LMDB's data file that are in use.
  public var objectBytes: Int
}

/// The figures of a collection.
public struct CollectionStatistics: Sendable, Codable, Equatable {
  /// The collection's name.
  public var name: String
  /// Live objects, those without a vector included.
  public var count: Int
  /// Live objects with a vector.
  public var vectorCount: Int
  /// Rows of segments that were deleted or replaced and not yet compacted away.
  public var deleted: Int
  /// Vectors that no segment holds yet.
  public var tail: Int
  /// `READY`, `INDEXING` or `READONLY`.
  public var status: String
  /// How far an index is that is built once; nil for kinds that change as their collection does.
  public var indexStage: IndexStage?
  /// The index kind that the collection asks for and that is not registered: every vector is compared; nil if
  /// there is nothing to it.
  public var missingIndexKind: String?
  /// Why writes are refused, if they are and somebody said why.
  public var readOnlyReason: String?
  /// Why the last background job failed, if it did; it is tried again.
  public var failure: String?
  /// Vectors in segments that are not yet as the configuration wants them; above 0 while a conversion
  /// runs or waits.
  public var outdated: Int
  /// Why the conversion does not get on, if it does not: the collection answers as before, and the
  /// conversion is tried again, up to ``CompactionLimits/conversionAttempts`` times. Or why the last one was given
  /// up: the collection is as before, and the next change of its configuration clears this.
  public var lastConversionError: String?
  /// Number of components of a vector; nil before the first one.
  public var dimensions: Int?
  /// How distances are measured.
  public var metric: Metric
  /// How neighbours are found, with every value resolved.
  public var index: IndexConfiguration
  /// How new segments store vectors, with every value resolved.
  public var encoding: VectorEncoding
  /// What is done to vectors before new segments store them.
  public var transform: VectorTransform
  /// The segments, in the order of their DocIDs.
  public var segments: [SegmentStatistics]
  /// The indexes on properties, in the order in which they were made.
  public var propertyIndexes: [PropertyIndex]
}

/// The figures of a segment.
public struct SegmentStatistics: Sendable, Codable, Equatable {
  /// The number in the file's name.
  public var id: UInt64
  /// The index kind; `missing` for a file that is gone or damaged and being rebuilt.
  public var kind: String
  /// The encoding.
  public var encoding: String
  /// What was done to vectors before they were stored: `none`, `pca:64`, `opq:16:64`.
  public var transform: String
  /// Rows in the file.
  public var count: Int
  /// Rows deleted since.
  public var deleted: Int
  /// Bytes of the file.
  public var bytes: Int
  /// The hash of the inputs it was built from, in hexadecimal.
  public var identifier: String
}
