/// The numbers that the compaction policy works with. The defaults are those of the design page;
/// tests use smaller ones.
public struct CompactionLimits: Sendable, Equatable {
  /// The tail is sealed into a flat segment at this many vectors …
  public var sealRows = 8_192
  /// … or at this many bytes of originals and codes.
  public var sealBytes = 32 << 20
  /// While a bulk import runs, the tail is sealed at this many vectors, and nothing is merged.
  public var bulkSealRows = 65_536
  /// From this many vectors in the tail on, writers are slowed down.
  public var softTailRows = 65_536
  /// At this many vectors in the tail, writers wait until a seal has caught up.
  public var hardTailRows = 262_144
  /// The same limit in bytes of originals and codes: whichever is reached first.
  public var hardTailBytes = 1 << 30
  /// Segments with at least this many live vectors get a graph (if the collection's kind is one).
  public var graphRows = 10_000
  /// Neighbouring segments whose sizes differ by less than this factor belong to one tier …
  public var tierFactor = 4
  /// … and are merged when a tier holds this many.
  public var tierCount = 4
  /// More searchable segments than this are merged whatever their sizes are.
  public var maximumSegments = 8
  /// A segment with this share of deleted rows is rewritten …
  public var rewriteDeletedShare = 0.20
  /// … if it has at least this many of them (or they are more than half of it).
  public var rewriteDeletedRows = 1_000
  /// When idle, compaction goes on until at most this many rows are scanned without a graph.
  public var idleFlatRows = 2_000
  /// Rows that are worked in when idle, graphs of their own among them, go into the graph beside them if it
  /// has at most this many times as many, so that a pause between two small writes never costs a rewrite of everything.
  public var settleFactor = 16
  /// A conversion whose jobs fail so many times in a row is given up: the collection is as before, and
  /// ``CollectionStatistics/lastConversionError`` says why. Where trying again cannot help, once is enough.
  public var conversionAttempts = 10
  /// Seconds without a write after which a collection counts as idle.
  public var idleSeconds = 1.0

  /// The defaults.
  public init() {}
}
