public import VectorMath

/// A search near a vector as Weaviate's `nearVector` defines it.
///
/// A bound on the distance, or for cosine on the certainty, may be given, and a limit, or both. With a limit, the
/// nearest so many are found, and those outside the bound dropped. Without one, everything inside the bound is
/// found, by comparing every vector: as many as ``maximumResults``, and if there are more the result says so.
public struct NearVector: Hashable, Sendable {
  /// The vector: of the collection's element type, and as many components as it has dimensions.
  public var value: VectorValue
  /// The components, finite numbers; empty for packed bits.
  public var vector: [Float] {
    get { value.floats ?? [] }
    set { value = .floats(newValue) }
  }
  /// Only objects at most this far are found.
  public var distance: Float?
  /// Only objects at least this certain are found, 0 to 1; for the metric cosine.
  public var certainty: Float?
  /// Results wanted after ``offset``; nil for all inside the bound, or ``defaultLimit`` where there is none. A
  /// negative number is as nil with a bound, and an error without.
  public var limit: Int?
  /// Results passed over before the first.
  public var offset: Int
  /// The results end before this jump of the distance, counted from 1; 0 for all.
  public var autocut: Int
  /// The beam of the index; nil for that of the configuration.
  public var ef: Int?
  /// Compare with every vector even where there is a limit.
  public var exact: Bool
  /// The most results a search may have, those passed over included.
  public var maximumResults: Int

  /// Results of a search that says neither a limit nor a bound.
  public static let defaultLimit = 10
  /// The usual ``maximumResults``.
  public static let defaultMaximumResults = 10_000
  /// By how much a distance may be beyond the bound.
  static let tolerance = 1e-6

  /// Creates a query near numbers.
  public init(
    vector: [Float], distance: Float? = nil, certainty: Float? = nil, limit: Int? = nil,
    offset: Int = 0, autocut: Int = 0, ef: Int? = nil, exact: Bool = false,
    maximumResults: Int = NearVector.defaultMaximumResults
  ) {
    self.init(
      value: .floats(vector), distance: distance, certainty: certainty, limit: limit,
      offset: offset, autocut: autocut, ef: ef, exact: exact, maximumResults: maximumResults)
  }

  /// Creates a query near a vector of either element type. Distances of packed bits are the bits that differ.
  public init(
    value: VectorValue, distance: Float? = nil, certainty: Float? = nil, limit: Int? = nil,
    offset: Int = 0, autocut: Int = 0, ef: Int? = nil, exact: Bool = false,
    maximumResults: Int = NearVector.defaultMaximumResults
  ) {
    self.value = value
    self.distance = distance
    self.certainty = certainty
    self.limit = limit
    self.offset = offset
    self.autocut = autocut
    self.ef = ef
    self.exact = exact
    self.maximumResults = maximumResults
  }
}
