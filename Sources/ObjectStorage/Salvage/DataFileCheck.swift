import StorageIO

/// Looks at the two meta pages of a data file before LMDB maps it, because LMDB takes sizes from them unseen.
package enum DataFileCheck {
  /// Throws `corruption` if one of the meta pages is not what LMDB writes. Others may write meanwhile.
  package static func check(fileSystem: any FileSystem, path: String) throws(StoreError) {
    var flaw: String?
    // A page that is being written may be read in two halves, and two commits may come between the pages.
    for _ in 0..<10 {
      flaw = try self.flaw(fileSystem, path)
      if flaw == nil { return }
    }
    throw StoreError(
      .corruption, "The LMDB file has a damaged meta page: \(flaw ?? "")", at: .init(path: path),
      remedy: "Run `seamstone repair` on the store, or restore a backup")
  }

  private static func flaw(
    _ fileSystem: any FileSystem, _ path: String
  ) throws(StoreError) -> String? {
    let file = try fileSystem.openFile(path)
    defer { file.close() }
    // LMDB writes both at once when it makes the file.
    if file.length == 0 { return "the file is empty" }
    var metas: [MetaPage] = []
    for place in 0...1 {
      let offset = metas.first?.pageSize ?? 0
      guard file.length >= offset + 4096,
        let meta = MetaPage(RawPage(bytes: try file.readBytes(4096, at: offset)))
      else { return "page \(place) is no meta page" }
      if let flaw = meta.flaw { return "page \(place) says \(flaw)" }
      metas.append(meta)
    }
    guard metas[0].pageSize == metas[1].pageSize else {
      return "pages of \(metas[0].pageSize) and of \(metas[1].pageSize) bytes"
    }
    let numbers = metas.map(\.transactionID)
    return MetaPage.follow(numbers[0], numbers[1])
      ? nil : "transactions \(numbers[0]) and \(numbers[1])"
  }
}
