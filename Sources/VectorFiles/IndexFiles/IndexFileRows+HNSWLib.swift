extension IndexFileRows {
  /// Bytes before the elements: six sizes, two 32-bit numbers, three sizes, a double and a size
  /// (hnswalg.h, `saveIndex`).
  private static let hnswlibHeaderLength = 96

  /// An hnswlib index: elements of the links on layer 0, the vector and the label. Where the second
  /// half of the word before the links has its lowest bit set, the element is marked as deleted.
  init(hnswlib header: HeaderReader) throws(VectorFileError) {
    guard try header.count("the offset of layer 0") == 0 else {
      throw header.malformed(
        at: 0, "the offset of layer 0 is not 0",
        remedy: "Only what hnswlib's save_index writes for an Index is read, not a BFIndex")
    }
    let capacity = try header.count("the capacity")
    let count = try header.count("the number of elements")
    let stride = try header.count("the length of an element")
    let labelOffset = try header.count("the offset of the label")
    let vectorOffset = try header.count("the offset of the vector")
    guard count <= capacity else {
      throw header.malformed(at: 16, "\(count) elements, but a capacity of \(capacity)")
    }
    try header.skip(16, "the header")
    let links = try header.count("the links on layer 0")
    guard links <= 1 << 20, vectorOffset == 4 * links + 4 else {
      throw header.malformed(
        at: 40, "the vector is at \(vectorOffset) of an element with \(links) links")
    }
    guard labelOffset > vectorOffset, (labelOffset - vectorOffset) % 4 == 0,
      stride >= 8, stride - 8 == labelOffset
    else {
      throw header.malformed(
        at: 24,
        "elements of \(stride) bytes with a vector at \(vectorOffset), a label at \(labelOffset)")
    }
    let dimensions = (labelOffset - vectorOffset) / 4
    try header.checkDimensions(dimensions, at: 32)
    try header.skip(Self.hnswlibHeaderLength - header.position, "the header")
    // After the elements comes a word for each: the length of its links on higher layers.
    guard count <= header.remaining / (stride + 4) else {
      throw header.malformed(
        at: 16,
        "\(count) elements of \(stride) bytes, but \(header.remaining) bytes follow the header",
        remedy: "The file is truncated: copy it again, or write it anew")
    }
    self.init(
      dimensions: dimensions, stride: stride, vectorOffset: vectorOffset,
      runs: [Run(offset: Self.hnswlibHeaderLength, count: count)], ids: .inRow(labelOffset),
      presence: .unlessMarked(offset: 2, bit: 1))
  }
}
