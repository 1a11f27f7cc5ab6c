import StorageIO

/// The pages of a data file that LMDB may no longer be trusted with, by `pread`.
final class PageFile {
  let pageSize: Int
  let pageCount: UInt64
  /// The meta pages that can be read, the newest first by what they say.
  let metas: [MetaPage]
  private let file: any ReadableFile

  init(_ file: any ReadableFile, usualPageSize: Int) {
    self.file = file
    metas = Self.metas(file).sorted { $0.transactionID > $1.transactionID }
    pageSize = metas.first?.pageSize ?? usualPageSize
    pageCount = UInt64(max(0, file.length) / pageSize)
  }

  /// A page; nil outside the file and where the disk does not give it.
  func page(_ number: UInt64) -> RawPage? {
    bytes(of: number, count: pageSize).map { RawPage(bytes: $0) }
  }

  /// Bytes from the start of a page on.
  private func bytes(of number: UInt64, count: Int) -> [UInt8]? {
    guard number < pageCount else { return nil }
    return try? file.readBytes(count, at: Int(number) * pageSize)
  }

  /// The data of a leaf's node, wherever they lie.
  func data(of node: RawPage.Node, in page: RawPage) -> [UInt8]? {
    guard node.isBig else {
      return Array(page.bytes[node.data..<node.data + Int(clamping: node.size)])
    }
    let first = page.word(node.data)
    guard let count = Int(exactly: node.size), count <= file.length,
      let bytes = bytes(of: first, count: RawPage.headerSize + count)
    else { return nil }
    return Array(bytes[RawPage.headerSize...])
  }

  private static func metas(_ file: any ReadableFile) -> [MetaPage] {
    for size in MetaPage.pageSizes {
      let metas = [0, size].compactMap { offset -> MetaPage? in
        guard let bytes = try? file.readBytes(4096, at: offset) else { return nil }
        return MetaPage(RawPage(bytes: bytes))
      }.filter { $0.pageSize == size && $0.flaw == nil }
      if !metas.isEmpty { return metas }
    }
    return []
  }
}
