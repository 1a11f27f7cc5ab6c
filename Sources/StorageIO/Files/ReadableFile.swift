/// A file being read at any positions, by any number of threads.
package protocol ReadableFile: AnyObject, Sendable {
  /// Where it is.
  var path: String { get }

  /// Its length in bytes when it was opened.
  var length: Int { get }

  /// Fills `buffer` from `offset`. Throws `truncatedFile` if the file ends before.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError)

  /// Closes the file, when no thread reads it any more; further closes do nothing.
  func close()
}

extension ReadableFile {
  /// Reads `count` bytes from `offset`. The range is checked before anything is allocated.
  package func readBytes(_ count: Int, at offset: Int) throws(StoreError) -> [UInt8] {
    guard count >= 0, offset >= 0, offset <= length, count <= length - offset else {
      throw StoreError(
        .truncatedFile, "\(count) bytes are not there: the file has \(length)",
        at: .init(path: path, offset: offset))
    }
    var failure: StoreError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      let raw = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
      do throws(StoreError) {
        try read(into: raw, at: offset)
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
