public import ObjectStorage
public import VectorMath

/// A kind of index of your own.
///
/// Give a store its kinds by `StoreOptions.indexKinds`, and name one in a collection's configuration
/// (`IndexConfiguration/custom(_:settings:)`). Everything else stays as it is with the kinds that are built in: vectors are
/// stored and encoded, written, deleted and compacted, distances are exact. A kind only has to propose, for a query, the
/// rows that may be the nearest. Small segments are scanned without one, see `CompactionLimits.graphRows`.
///
/// What it builds is kept as bytes in the segment, with checksums. If it proposes too little, fewer rows than are wanted
/// though more may be returned, all rows are compared instead. A finished index has to find most of what is near
/// (as every kind, it is checked before it is published), or else the segment is stored without it.
///
/// Vectors are numbers: collections of packed bits (``ElementType/bits``) take no kinds of your own.
///
/// A store whose kinds are not all registered opens all the same, says so by an event and in its statistics, and
/// compares every vector.
public protocol CustomIndexKind: Sendable {
  /// The name in configurations and segments, 1 to 255 bytes of UTF-8, and none of a built-in kind. Another format of
  /// bytes needs another name.
  var name: String { get }

  /// What is wrong with a collection of this kind, as sentences; empty if nothing is.
  /// - Parameters:
  ///   - dimensions: Components of a vector; nil before they are known.
  func problems(
    metric: Metric, dimensions: Int?, settings: [String: PropertyValue]
  ) -> [String]

  /// Builds the index of a segment. The same input must give the same bytes.
  /// - Throws: Any error; the build is then tried again later, as every job that failed.
  func build(_ input: CustomIndexInput) throws -> [UInt8]

  /// Opens the index of a segment. Called once; the file's checksums may not have been read yet, so the bytes may
  /// be any bytes, and must be checked where they are used.
  /// - Throws: Any error where the bytes cannot be what ``build(_:)`` made; the segment is then built again.
  func open(_ bytes: CustomIndexBytes, shape: CustomIndexShape) throws -> any CustomIndex
}

extension CustomIndexKind {
  /// Any collection may have it.
  public func problems(
    metric: Metric, dimensions: Int?, settings: [String: PropertyValue]
  ) -> [String] { [] }
}
