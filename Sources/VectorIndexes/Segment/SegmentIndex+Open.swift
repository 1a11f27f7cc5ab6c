import SegmentFiles
import StorageIO

extension SegmentIndex {
  /// Opens the index in a segment file. Reads header, table and parameters only.
  package static func open(_ reader: SegmentReader) throws(StoreError) -> SegmentIndex {
    try SegmentIndex(
      sections: IndexSections(header: reader.header, path: reader.path) { reader.section($0) })
  }
}
