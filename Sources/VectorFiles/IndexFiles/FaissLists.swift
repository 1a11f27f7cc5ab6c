/// The inverted lists of an IVF index: how many vectors each has, then for each the vectors and
/// their ids (index_write.cpp, `write_InvertedLists`).
struct FaissLists {
  /// The most lists with vectors that are read; faiss is used with some thousands, a million at most.
  private static let maximumLists = 1 << 22
  /// How many lengths are in memory at a time; an even number.
  private static let chunk = 8_192

  let header: HeaderReader
  let start: FaissHeader.Start
  /// The number of lists as the index says it, and where.
  let count: Int
  let countOffset: Int

  /// The rows of all lists.
  func rows() throws(VectorFileError) -> IndexFileRows {
    let offset = header.position
    let kind = String(decoding: try header.bytes(4, "the kind of lists"), as: UTF8.self)
    guard kind == "ilar" else {
      throw header.malformed(
        at: offset, "the lists are not in the file",
        remedy: "Write the index with its lists in memory (ArrayInvertedLists)")
    }
    guard try header.count("the number of lists") == count else {
      throw header.malformed(at: offset + 4, "not \(count) lists, as byte \(countOffset) promises")
    }
    let stride = try header.count("the length of a vector")
    guard stride == 4 * start.dimensions else {
      throw header.malformed(
        at: offset + 12, "vectors of \(stride) bytes, but \(start.dimensions) dimensions")
    }
    let isSparse = try isSparse()
    let words = try header.listCount(of: 8, "the lengths of the lists")
    var runs: [IndexFileRows.Run] = []
    var total = 0
    // The lists follow their lengths.
    var place = header.position + 8 * words
    try forEachLength(words, isSparse) { (size) throws(VectorFileError) in
      let left = header.length - place
      guard let size = Int(exactly: size), size <= left / (stride + 8) else {
        throw header.malformed(
          at: place, "a list of \(size) vectors, but \(left) bytes are left",
          remedy: "The file is truncated or damaged: copy it again, or write it anew")
      }
      guard runs.count < Self.maximumLists else {
        throw header.malformed(
          at: countOffset, "more than \(Self.maximumLists) lists with vectors, which are not read")
      }
      runs.append(.init(offset: place, count: size, idOffset: place + size * stride))
      place += size * (stride + 8)
      total += size
    }
    try header.skip(place - header.position, "the lists")
    guard total == start.count else {
      throw header.malformed(
        at: start.countOffset, "\(start.count) vectors, but the lists have \(total)")
    }
    return IndexFileRows(
      dimensions: start.dimensions, stride: stride, runs: runs, ids: .listed, isInOrder: false,
      metric: start.metric)
  }

  /// Whether only the lists that have vectors are told, by their numbers and lengths.
  private func isSparse() throws(VectorFileError) -> Bool {
    let offset = header.position
    switch String(decoding: try header.bytes(4, "the form of the lengths"), as: UTF8.self) {
    case "full": return false
    case "sprs": return true
    default:
      throw header.malformed(at: offset, "the lengths of the lists are in an unknown form")
    }
  }

  /// Calls `body` with the length of every list that has vectors, in the order of the lists, which is that of the words.
  private func forEachLength(
    _ words: Int, _ isSparse: Bool, _ body: (Int64) throws(VectorFileError) -> Void
  ) throws(VectorFileError) {
    let offset = header.position
    guard isSparse ? words % 2 == 0 : words == count else {
      throw header.malformed(at: offset - 8, "\(words) lengths for \(count) lists")
    }
    var lastNumber: Int64 = -1
    var read = 0
    while read < words {
      let chunk = try header.words(min(words - read, Self.chunk), "the lengths of the lists")
      for (index, word) in chunk.enumerated() {
        let place = offset + 8 * (read + index)
        if isSparse, index % 2 == 0 {
          guard word > lastNumber, word < count else {
            throw header.malformed(
              at: place, "list \(word) after list \(lastNumber), of \(count) lists in order")
          }
          lastNumber = word
          continue
        }
        guard word >= 0 else { throw header.malformed(at: place, "a list of \(word) vectors") }
        if word > 0 { try body(word) }
      }
      read += chunk.count
    }
  }
}
