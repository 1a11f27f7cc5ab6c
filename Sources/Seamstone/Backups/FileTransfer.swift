import SegmentFiles
import StorageIO

/// Brings files that no longer change from one directory to another.
struct FileTransfer {
  let fileSystem: any FileSystem
  /// Told of bytes as they are written.
  let didCopy: (Int) -> Void
  /// True ends a copy with `cancelled`.
  let isCancelled: () -> Bool

  private static let chunkSize = 4 << 20

  /// How a segment got where it is now.
  enum Outcome { case reused, linked, copied }

  /// Makes sure that `target` is the segment that the manifest names: it may be there already, or get a link to
  /// `source`, or a copy. Throws `notFound` if there is no source.
  func bring(
    _ entry: ManifestEntry, from source: String, to target: String
  ) throws(StoreError) -> Outcome {
    if try isThere(entry, at: target) { return .reused }
    let temporary = target + ".tmp"
    try removeIfPresent(temporary)
    var outcome = Outcome.linked
    do throws(StoreError) {
      try fileSystem.link(source, to: temporary)
      didCopy(Int(clamping: entry.length))
    } catch {
      guard error.code == .notSupported else { throw error }
      outcome = .copied
      try copy(source, to: temporary)
    }
    try fileSystem.rename(temporary, to: target)
    return outcome
  }

  /// Whether a finished file is the one that is meant. It came here by a rename, so it is whole.
  private func isThere(_ entry: ManifestEntry, at path: String) throws(StoreError) -> Bool {
    guard try fileSystem.exists(path) else { return false }
    let expectation = SegmentExpectation(
      identifier: entry.identifier, length: Int(clamping: entry.length))
    let findings = try? SegmentVerifier().verify(
      fileSystem: fileSystem, path: path, number: entry.number, expecting: expectation, deep: false)
    return findings?.isEmpty == true
  }

  /// Copies a file and syncs the copy.
  func copy(_ source: String, to target: String) throws(StoreError) {
    let input = try fileSystem.openFile(source)
    defer { input.close() }
    let output = try fileSystem.createFile(target, truncating: true)
    do throws(StoreError) {
      var offset = 0
      while offset < input.length {
        if isCancelled() { throw StoreError(.cancelled, "Copying was cancelled") }
        let bytes = try input.readBytes(min(Self.chunkSize, input.length - offset), at: offset)
        try unsafe bytes.withRawBytes { (raw) throws(StoreError) in try unsafe output.append(raw) }
        offset += bytes.count
        didCopy(bytes.count)
      }
      try output.sync()
    } catch {
      try? output.close()
      throw error
    }
    try output.close()
  }

  func removeIfPresent(_ path: String) throws(StoreError) {
    do throws(StoreError) {
      try fileSystem.remove(path)
    } catch {
      guard error.code == .notFound else { throw error }
    }
  }
}
