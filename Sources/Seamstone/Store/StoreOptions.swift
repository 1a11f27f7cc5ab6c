import Logging
import ObjectStorage

/// How a store is opened.
public struct StoreOptions: Sendable {
  /// What survives a power failure.
  public enum Durability: String, Sendable, CaseIterable {
    /// A write that returned survives a power failure (given an honest disk). The default.
    case full
    /// The store stays whole, but the last commits may be undone by a power failure. A killed
    /// process loses nothing.
    case relaxed
  }

  /// How much of the segments is checked before `open` returns.
  public enum Verification: String, Sendable, CaseIterable {
    /// Header, table and footer; the rest is read by a background scrub, or with
    /// ``BackgroundWork/manual`` by the first `Store.runBackgroundWork()`. The default.
    case quick
    /// Every checksum; a damaged segment is set aside before the first search.
    case full
  }

  /// Who runs seals and merges.
  public enum BackgroundWork: Sendable {
    /// The store's own threads. The default.
    case automatic
    /// Nobody, until `Store.runBackgroundWork()` is called: reproducible runs for tests.
    case manual
  }

  /// What survives a power failure.
  public var durability = Durability.full
  /// Open for searching only, beside a writer process; every search follows its commits.
  public var readOnly = false
  /// Create the store if the directory does not hold one.
  public var createIfMissing = true
  /// What is checked before `open` returns.
  public var verification = Verification.quick
  /// Address space for LMDB, in bytes; it grows by itself when it is used up.
  public var mapSize = 64 << 30
  /// How many seconds growing the map waits for open snapshots before it gives up with `mapFull`.
  public var mapGrowthTimeout = 5.0
  /// Snapshots older than this many seconds are closed when they stand in the way; nil: never.
  public var maximumSnapshotAge: Double?
  /// How many snapshots and searches, over all processes, may be open at once.
  public var maximumReaders = 1_022
  /// Bytes of memory for copies of the rows that graph searches walk over, in huge pages: searches of
  /// large segments are faster by it. Segments that do not fit, and all with 0, are searched in their
  /// memory-mapped files.
  public var residentBytes = 256 << 20
  /// Threads that builds and batches of queries may use; 0 stands for the number of processors.
  public var threads = 0
  /// When the tail is sealed and segments are merged.
  public var compaction = CompactionLimits()
  /// Who runs seals and merges.
  public var backgroundWork = BackgroundWork.automatic
  /// Index types of your own that classes of Weaviate's may name; see ``WeaviateIndexType``.
  public var weaviateIndexTypes: [WeaviateIndexType] = []
  /// What makes vectors of texts, for the collections whose configurations name it.
  public var vectorizers: [any Vectorizer] = []
  /// Index kinds of your own, for the collections whose configurations name them.
  public var indexKinds: [any CustomIndexKind] = []
  /// Where the library's messages go.
  public var logger = Logger(label: "seamstone", factory: { _ in SwiftLogNoOpLogHandler() })

  /// The defaults.
  public init() {}
}
