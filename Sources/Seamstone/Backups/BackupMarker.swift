import StorageIO

/// The file that tells a backup from a store and from anything else: one line, which names the version of the form.
struct BackupMarker {
  private static let title = "seamstone backup "
  private static let version = 1

  let fileSystem: any FileSystem
  let paths: BackupPaths

  /// Whether there is a marker; throws `formatTooNew` for one of a later release, `foreignFile` for another file of
  /// this name.
  func isPresent() throws(StoreError) -> Bool {
    guard try fileSystem.exists(paths.marker) else { return false }
    let file = try fileSystem.openFile(paths.marker)
    defer { file.close() }
    let text = String(decoding: try file.readBytes(min(file.length, 64), at: 0), as: UTF8.self)
    guard text.hasPrefix(Self.title), let end = text.firstIndex(where: \.isNewline),
      let version = Int(text[..<end].dropFirst(Self.title.count))
    else {
      throw StoreError(
        .foreignFile, "This file does not mark a backup", at: .init(path: paths.marker),
        remedy: "Choose another directory")
    }
    guard version <= Self.version else {
      throw StoreError(
        .formatTooNew, "The backup has form \(version), this release reads \(Self.version)",
        at: .init(path: paths.marker), remedy: "Use the release that made it")
    }
    return true
  }

  /// Writes the marker, durably and all at once.
  func write() throws(StoreError) {
    let temporary = paths.marker + ".tmp"
    let file = try fileSystem.createFile(temporary, truncating: true)
    let bytes = Array("\(Self.title)\(Self.version)\n".utf8)
    do throws(StoreError) {
      try unsafe bytes.withRawBytes { (raw) throws(StoreError) in try unsafe file.append(raw) }
      try file.sync()
    } catch {
      try? file.close()
      throw error
    }
    try file.close()
    try fileSystem.rename(temporary, to: paths.marker)
    try fileSystem.syncDirectory(paths.directory)
  }
}
