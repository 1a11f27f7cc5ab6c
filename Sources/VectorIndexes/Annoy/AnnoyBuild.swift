import StorageIO
import VectorMath

/// Builds the forest of a segment once its rows are encoded.
final class AnnoyBuild: KindBuild, @unchecked Sendable {
  // Sendable: one thread makes the calls.

  private let parameters: AnnoyParameters
  private let tuning: TreeTuning
  private let builder: SegmentBuilder
  private var forest: BuiltForest?

  init(_ parameters: AnnoyParameters, _ builder: SegmentBuilder, tuning: TreeTuning = TreeTuning())
  {
    self.parameters = parameters
    self.tuning = tuning
    self.builder = builder
  }

  /// Trees are built of the rows as they are stored.
  func look(at vectors: UnsafePointer<Float>, wordsPerVector: Int, places: ArraySlice<Int>) {}

  /// Rows are put in the order of the first tree's leaves, so that what is near lies near.
  func finish(_ rows: EncodedRows, kept: [UInt32]?) throws(StoreError) -> [UInt32] {
    let built = try build(rows)
    forest = built
    guard let first = built.trees.first else { return Array(0..<UInt32(rows.count)) }
    var order: [UInt32] = []
    order.reserveCapacity(rows.count)
    first.forEachLeaf { order.append(contentsOf: $0) }
    return order
  }

  private func build(_ rows: EncodedRows) throws(StoreError) -> BuiltForest {
    let codec = rows.codec
    let base = UnsafeRawPointer(rows.rows.base)
    let augmentation = try BuildAugmentation(rows, count: rows.count)
    defer { withExtendedLifetime(augmentation) {} }
    if codec.metric == .hamming {
      return try build(rows, over: ComponentSpace(codec, rows: base, tuning: tuning))
    }
    var extras: UnsafePointer<Int32>?
    var floats: UnsafePointer<Float>?
    switch augmentation.view {
    case .none: break
    case .integers(let values): extras = values
    case .floats(let values): floats = values
    }
    if let space = CodeSpace(codec, rows: base, extra: extras, tuning: tuning) {
      return try build(rows, over: space)
    }
    return try build(rows, over: FloatSpace(codec, rows: base, extra: floats, tuning: tuning))
  }

  private func build<Space: TreeSpace>(
    _ rows: EncodedRows, over space: Space
  ) throws(StoreError) -> BuiltForest {
    let progress = builder.progress
    return try ForestBuilder(
      parameters: parameters, tuning: tuning, team: ThreadTeam(count: builder.threads),
      isCancelled: builder.isCancelled, progress: { progress(0.1 + 0.85 * $0, .linking) }
    ).build(
      over: space, count: rows.count, rowBytes: rows.codec.rowStride,
      leafRows: tuning.leafRows(dimensions: rows.codec.dimensions))
  }

  func write(_ segment: BuiltSegment, to sink: any SectionSink) throws(StoreError) {
    guard let forest else { return }
    try segment.section(sink, .kind) { buffer throws(StoreError) in
      try buffer.append(forest.layout.serialized())
    }
    try segment.section(sink, .splits) { buffer throws(StoreError) in
      try forest.forEachSplit { split throws(StoreError) in
        try buffer.append(split.left.rawValue)
        try buffer.append(split.right.rawValue)
        try buffer.append(UInt32(bitPattern: split.sum))
        try buffer.append(split.scale.bitPattern)
        try buffer.append(split.offset.bitPattern)
      }
    }
    if forest.layout.planeStride > 0 {
      try segment.section(sink, .planes) { buffer throws(StoreError) in
        for tree in forest.trees { try buffer.append(tree.planes) }
      }
    }
    var places = [UInt32](repeating: 0, count: segment.order.count)
    for (place, row) in segment.order.enumerated() { places[Int(row)] = UInt32(place) }
    try segment.section(sink, .leaves) { buffer throws(StoreError) in
      for tree in forest.trees { try tree.write(to: &buffer, places: places) }
    }
  }
}

extension BuiltTree {
  /// Calls `body` with the rows of every leaf, in the order of the file.
  func forEachLeaf(_ body: (ArraySlice<UInt32>) -> Void) {
    var word = 0
    while word < items.count {
      let end = word + 1 + Int(items[word])
      body(items[word + 1..<end])
      word = end
    }
  }

  /// Writes the leaves with the final ordinals of their rows, ascending.
  fileprivate func write(
    to buffer: inout SectionBuffer, places: [UInt32]
  ) throws(StoreError) {
    var words: [UInt32] = []
    words.reserveCapacity(items.count)
    forEachLeaf { rows in
      words.append(UInt32(rows.count))
      words.append(contentsOf: rows.map { places[Int($0)] }.sorted())
    }
    for word in words { try buffer.append(word) }
  }
}
