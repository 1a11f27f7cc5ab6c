import SegmentFiles
import StorageIO
import Synchronization
import VectorMath

/// One open segment: finds the nearest rows of its interval. Immutable and shared by all threads.
///
/// Whatever bytes a file holds, a search neither traps nor reads outside the mapping: sizes are
/// checked when the index is opened, every ordinal that is read from the file where it is used.
package final class SegmentIndex: Sendable {
  /// The fixed fields of the segment.
  package let header: SegmentHeader
  /// Rows in the segment.
  package let count: Int
  /// Components of a vector.
  package let dimensions: Int
  /// How neighbours are found.
  package let kind: IndexKind
  /// How rows are stored.
  package let plan: EncodingPlan
  /// How rows are stored, without the parameters.
  package var encoding: VectorEncodingKind { plan.kind }
  /// The metric the segment was built for.
  package let metric: Metric
  /// Whether rows stand for the originals exactly, so that distances need no originals.
  package let reproducesOriginals: Bool

  /// Whether rows are floats because int8 codes, which were asked for, could not tell the vectors apart.
  package var standsInForCodes: Bool { plan == .float32 && layout.standsInForCodes }

  /// What makes rows of vectors; nil where they are the vectors'.
  package let transform: LinearTransform?
  /// Components of a row.
  package var rowDimensions: Int { codec.dimensions }

  let sections: IndexSections
  let layout: IndexLayout
  let codec: RowCodec
  /// Encoded rows in the mapping.
  let mappedRows: MappedBytes
  let residuals: MappedBytes?
  /// The rows in blocks; only of flat segments whose codes have four bits.
  let fastScan: FastScanSection?
  let directory: DocIDDirectory
  /// Layers from 0; empty for flat segments.
  let layers: [LayerView]
  let duplicates: DuplicateView?
  /// More starting points of a walk, all of them nodes; dot only.
  let entries: [UInt32]
  /// What other kinds than flat and hnsw keep.
  let structure: (any IndexStructure)?
  /// The copy of the rows in huge pages, once there is one; it is never taken away again.
  let hotAddress = Atomic<UInt>(0)
  let hotRows = ConditionLock<AnonymousMemory?>(nil)

  /// Opens the index inside `sections`; `engines` are the kinds that others have registered. Looks at sizes and parameters only, whatever the count.
  package init(
    sections: IndexSections, engines: CustomEngines = .none
  ) throws(StoreError) {
    let parts = try SegmentParts(sections, engines)
    self.sections = sections
    header = sections.header
    count = parts.count
    dimensions = Int(sections.header.dimensions)
    transform = parts.transform
    kind = parts.kind
    plan = parts.plan
    metric = parts.codec.metric
    layout = parts.layout
    reproducesOriginals = parts.layout.reproducesOriginals
    codec = parts.codec
    mappedRows = parts.rows
    residuals = parts.residuals
    fastScan = parts.fastScan
    directory = parts.directory
    layers = parts.layers
    duplicates = parts.duplicates
    entries = parts.entries
    structure = parts.structure
  }

  /// Names what was trained for the kind of index and other segments may share; nil for nothing.
  package var artifactIdentifier: UInt64? { structure?.artifactIdentifier }

  /// Names everything that was trained for the segment and others may share.
  package var artifactIdentifiers: [UInt64] {
    [transform?.identifier, artifactIdentifier].compactMap(\.self)
  }

  /// The DocID of a row; `nil` for an ordinal outside the segment.
  package func docID(ofOrdinal ordinal: Int) -> UInt64? { directory.docID(ofRow: ordinal) }

  /// The highest layer of a node.
  func level(of node: Int) -> Int {
    var level = layers.count - 1
    while level > 0, node >= Int(layers[level].count) { level -= 1 }
    return level
  }

  /// The row of a DocID; `nil` when the segment does not hold it.
  package func ordinal(ofDocID docID: UInt64) -> Int? { directory.row(ofDocID: docID) }

  /// The place of a DocID among the segment's, ascending; `nil` when the segment does not hold it.
  package func rank(ofDocID docID: UInt64) -> Int? { directory.rank(ofDocID: docID) }

  /// First byte of the rows, in the copy if there is one.
  @inline(__always)
  var rowBase: UnsafeRawPointer {
    UnsafeRawPointer(bitPattern: hotAddress.load(ordering: .acquiring)) ?? mappedRows.base
  }
}

extension SegmentIndex {
  /// Copies the rows that searches walk over into anonymous memory with huge pages: a random row then
  /// costs no walk of the page tables. Does nothing the second time, or for an empty segment.
  package func makeResident() throws(StoreError) {
    guard count > 0 else { return }
    let failure: StoreError? = hotRows.withLock { memory in
      if memory != nil { return nil }
      do throws(StoreError) {
        let copy = try AnonymousMemory(count: mappedRows.count, purpose: "a resident copy of rows")
        // The copy reads from front to back, and nothing reads the file's rows after it.
        sections.advise(.rows, .willNeed)
        defer { sections.advise(.rows, .dontNeed) }
        copy.base.copyMemory(from: mappedRows.base, byteCount: mappedRows.count)
        memory = copy
        hotAddress.store(UInt(bitPattern: copy.base), ordering: .releasing)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  /// Bytes of the resident copy.
  package var residentBytes: Int { hotRows.withLock { $0?.count ?? 0 } }

  /// Bytes that `makeResident` would copy.
  package var rowBytes: Int { mappedRows.count }
}
