import SegmentFiles
import StorageIO

/// Where a finished index is written, section by section.
package protocol SectionSink: AnyObject {
  /// Begins a section that starts on a multiple of `alignment`.
  func beginSection(_ kind: SectionKind, alignment: Int) throws(StoreError)
  /// Adds bytes to the section begun last.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError)
  /// Ends it.
  func endSection() throws(StoreError)
}
