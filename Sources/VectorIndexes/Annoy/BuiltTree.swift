/// A finished tree, by numbers of its own: the first split and the first word of leaves are 0.
struct BuiltTree: Sendable {
  var root = TreeReference.leaf(0)
  /// Parents come before their children.
  var splits: [SplitRecord] = []
  /// The planes of the splits, padded with zeroes.
  var planes: [UInt8] = []
  /// For each leaf the number of its rows, and the rows.
  var items: [UInt32] = []

  /// Adds a leaf.
  mutating func addLeaf(_ rows: UnsafeBufferPointer<UInt32>) -> TreeReference {
    let word = items.count
    items.append(UInt32(rows.count))
    items.append(contentsOf: rows)
    return .leaf(word)
  }

  /// Adds a split whose sides are not known yet; with nothing to tell its rows apart where `found` is nil.
  mutating func addSplit(
    _ found: (plane: [Int8], terms: (sum: Int32, scale: Float, offset: Float))?, stride: Int
  ) -> Int {
    let nowhere = TreeReference.leaf(0)
    let terms = found?.terms ?? (sum: 0, scale: 0, offset: 0)
    splits.append(
      SplitRecord(
        left: nowhere, right: nowhere, sum: terms.sum, scale: terms.scale, offset: terms.offset))
    if stride > 0 {
      let plane = found?.plane ?? []
      planes.append(contentsOf: plane.lazy.map { UInt8(bitPattern: $0) })
      planes.append(contentsOf: repeatElement(0, count: stride - plane.count))
    }
    return splits.count - 1
  }
}
