import SegmentFiles
import StorageIO

extension SegmentIndex {
  /// Opens the index in a segment file. Reads header, table and parameters only.
  package static func open(
    _ reader: SegmentReader, engines: CustomEngines = .none
  ) throws(StoreError) -> SegmentIndex {
    let index = try SegmentIndex(
      sections: IndexSections(
        header: reader.header, path: reader.path, advise: { reader.advise($1, section: $0) },
        find: { reader.section($0) }),
      engines: engines)
    index.expectScatteredReads()
    return index
  }

  /// A walk touches a page here and a page there. The system would read the pages around each one too, up
  /// to 8 MiB of them on some machines, and where memory is short these drive out the ones that are
  /// needed: sift-1m in 550 MB read 57 GB in a minute for answers that it gives in seconds without.
  private func expectScatteredReads() {
    guard kind.readsScattered else { return }
    for section in [
      SectionKind.rows, .residuals, .baseLinks, .upperLinks, .docIDs, .rowRanks, .rankRows,
    ] { sections.advise(section, .random) }
  }
}
