import SegmentFiles
import StorageIO

/// What a kind of index keeps in a segment besides rows and DocIDs, opened and checked. Called once for each
/// query, so that it costs nothing that there are several kinds.
///
/// Flat segments have none. The graph's is part of `SegmentIndex`, which is older than this.
protocol IndexStructure: Sendable {
  /// The kind with its parameters, as the sections have them.
  var kind: IndexKind { get }

  /// The nearest allowed rows, nearest first, ties by DocID, `limit` at most: `limit` whenever so many
  /// are allowed. `ef` is what widens the search, in the kind's own unit.
  func search(
    _ index: SegmentIndex, _ query: SegmentQuery, limit: Int, ef: Int, filter: SearchFilter?,
    scratch: SearchScratch
  ) -> [Candidate]

  /// The best rows by their keys, with these, nearest first: what a search finds before anything is re-ranked. The
  /// self-check of a build compares it with all rows. Writes to `codes` of the scratch nothing: `prepared`
  /// lies elsewhere.
  func nearest(
    _ index: SegmentIndex, _ query: SegmentQuery, _ prepared: PreparedQuery, count: Int,
    scratch: SearchScratch
  ) -> [UInt64]

  /// Names what segments share that was trained for them; nil for nothing. Reads all of it.
  var artifactIdentifier: UInt64? { get }

  /// What is wrong with the numbers that point somewhere, in words; reads all of them.
  func findings(_ index: SegmentIndex) -> [String]
}

extension IndexStructure {
  var artifactIdentifier: UInt64? { nil }
}

/// What a structure is opened from.
struct StructureSource {
  let sections: IndexSections
  let layout: IndexLayout
  let codec: RowCodec
  /// Rows of the segment.
  let count: Int
  /// The kinds of others.
  let engines: CustomEngines
}

/// Opens the structure of every kind.
enum IndexStructures {
  /// The structure of a segment, checked so far that no search can read outside its sections; `nil` for flat
  /// segments and graphs.
  static func open(_ source: StructureSource) throws(StoreError) -> (any IndexStructure)? {
    switch source.sections.header.kind {
    case IndexKind.Number.annoy where source.codec.holdsBits,
      IndexKind.Number.custom where source.codec.holdsBits:
      throw source.sections.damaged(.kind, "is of a kind that takes no packed bits")
    case IndexKind.Number.annoy: try AnnoyIndex(source)
    case IndexKind.Number.custom: try CustomStructure(source)
    case IndexKind.Number.ivf: try IVFLists(source)
    case IndexKind.Number.hash: try HashBuckets(source)
    default: nil
    }
  }
}
