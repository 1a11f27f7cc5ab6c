/// The inverted lists of an IVF index: how many vectors each has, then for each the vectors and
/// their ids (index_write.cpp, `write_InvertedLists`).
struct FaissLists {
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
    let sizes = try self.sizes()
    var runs: [IndexFileRows.Run] = []
    var total = 0
    for size in sizes where size > 0 {
      guard let size = Int(exactly: size), size <= header.remaining / (stride + 8) else {
        throw header.malformed(
          at: header.position,
          "a list of \(size) vectors, but \(header.remaining) bytes are left",
          remedy: "The file is truncated or damaged: copy it again, or write it anew")
      }
      let place = header.position
      runs.append(.init(offset: place, count: size, idOffset: place + size * stride))
      try header.skip(size * (stride + 8), "a list")
      total += size
    }
    guard total == start.count else {
      throw header.malformed(
        at: start.countOffset, "\(start.count) vectors, but the lists have \(total)")
    }
    return IndexFileRows(
      dimensions: start.dimensions, stride: stride, runs: runs, ids: .listed, isInOrder: false)
  }

  /// The length of every list that may have vectors, in their order: all lengths, or the numbers and
  /// lengths of those that have some.
  private func sizes() throws(VectorFileError) -> [Int64] {
    let offset = header.position
    let form = String(decoding: try header.bytes(4, "the form of the lengths"), as: UTF8.self)
    let words = try header.words("the lengths of the lists")
    if let negative = words.firstIndex(where: { $0 < 0 }) {
      throw header.malformed(at: offset + 12 + 8 * negative, "a list of \(words[negative]) vectors")
    }
    switch form {
    case "full":
      guard words.count == count else {
        throw header.malformed(at: offset + 4, "\(words.count) lengths for \(count) lists")
      }
      return words
    case "sprs":
      // The lists themselves come in the order of their numbers, and so must the pairs.
      let numbers = stride(from: 0, to: words.count, by: 2).map { words[$0] }
      guard words.count % 2 == 0, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }),
        numbers.last ?? -1 < count
      else {
        throw header.malformed(
          at: offset + 4, "the lengths are not pairs of a list's number and its length, in order")
      }
      return stride(from: 1, to: words.count, by: 2).map { words[$0] }
    default:
      throw header.malformed(at: offset, "the lengths of the lists are in an unknown form")
    }
  }
}
