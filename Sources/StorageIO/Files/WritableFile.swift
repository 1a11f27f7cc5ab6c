/// A file being written, by one thread at a time.
package protocol WritableFile: AnyObject, Sendable {
  /// Where it is.
  var path: String { get }

  /// The end of the file: where `append` writes next.
  var length: Int { get }

  /// Writes all of `bytes` at the end.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError)

  /// Writes all of `bytes` at `offset`. Past the end it leaves a hole that reads as zeros.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StoreError)

  /// Returns when everything written is on the disk. After a failure nothing is known about any
  /// of it, and trying again proves nothing.
  func sync() throws(StoreError)

  /// Closes the file; further calls throw `closed`, further closes do nothing.
  func close() throws(StoreError)
}
