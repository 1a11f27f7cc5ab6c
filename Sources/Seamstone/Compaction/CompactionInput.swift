/// The metadata that the compaction policy decides on: nothing else, so that it can be simulated.
struct CompactionInput: Sendable, Equatable {
  struct Segment: Sendable, Equatable {
    var number: UInt64
    var rows: Int
    var deletedRows: Int
    /// Whether it is searched by a graph or another index; flat segments are scanned.
    var hasGraph: Bool
    /// Its graph failed the self-check, so it was published flat and stays so.
    var refusesGraph = false
    /// Its file is missing or damaged.
    var isMissing = false
    /// Built with another index kind, encoding or parameters than the collection has now.
    var isOutdated = false

    var liveRows: Int { rows - deletedRows }
  }

  /// In DocID order.
  var segments: [Segment]
  var tailRows: Int
  var tailBytes: Int
  /// Whether the collection's index kind builds graphs.
  var wantsGraph: Bool
  /// Live vectors from which on a segment gets a graph; nil leaves it to the limits.
  var graphRows: Int?
  /// An index that is built once is being built, or is built: all rows belong into one segment.
  var isFrozen = false
  /// A bulk import is running.
  var isBulkLoading = false
  /// Nothing was written for a while, or somebody asked for a compact store.
  var isIdle = false
}
