import StorageIO

/// The finished trees of a segment, ready to be written.
struct BuiltForest: Sendable {
  let layout: ForestLayout
  let trees: [BuiltTree]

  /// - Throws: `limitExceeded` where the trees are more than the format can name.
  init(
    _ trees: [BuiltTree], parameters: AnnoyParameters, leafRows: Int, planeStride: Int
  ) throws(StoreError) {
    var layout = ForestLayout()
    layout.seed = parameters.seed
    layout.leafRows = leafRows
    layout.planeStride = planeStride
    for tree in trees {
      layout.roots.append(tree.root.moved(splits: layout.splitCount, words: layout.wordCount))
      layout.splitCount += tree.splits.count
      layout.wordCount += tree.items.count
    }
    guard layout.splitCount <= TreeReference.limit, layout.wordCount <= TreeReference.limit else {
      throw StoreError(
        .limitExceeded,
        "\(trees.count) trees have \(layout.wordCount) entries; a segment holds \(TreeReference.limit)",
        remedy: "Ask for fewer trees")
    }
    self.layout = layout
    self.trees = trees
  }

  /// Calls `body` with every split as it is stored: in the numbers of the forest.
  func forEachSplit(
    _ body: (SplitRecord) throws(StoreError) -> Void
  ) throws(StoreError) {
    var splits = 0
    var words = 0
    for tree in trees {
      for split in tree.splits {
        var moved = split
        moved.left = split.left.moved(splits: splits, words: words)
        moved.right = split.right.moved(splits: splits, words: words)
        try body(moved)
      }
      splits += tree.splits.count
      words += tree.items.count
    }
  }
}
