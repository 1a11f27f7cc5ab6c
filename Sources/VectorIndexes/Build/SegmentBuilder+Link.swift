import StorageIO
import VectorMath

extension SegmentBuilder {
  /// Builds the graph over encoded rows.
  func link(
    _ rows: EncodedRows, _ plan: GraphPlan, _ base: SegmentIndex?, _ state: inout BuildState
  ) throws(StoreError) -> BuiltSegment {
    try checkCancelled()
    let duplicates = Duplicates(of: rows)
    if duplicates.nodeCount < rows.count { try rows.keep(duplicates.order) }
    state.report.duplicates = rows.count - duplicates.nodeCount
    let levels = NodeLevels(seed: plan.parameters.seed, m: plan.parameters.m)
    var levelCounts: [Int] = []
    for row in 0..<duplicates.nodeCount {
      let level = levels.level(of: rows.docIDs[row])
      while levelCounts.count <= level { levelCounts.append(0) }
      levelCounts[level] += 1
    }
    for level in levelCounts.indices.dropLast().reversed() {
      levelCounts[level] += levelCounts[level + 1]
    }
    let augmentation = try BuildAugmentation(rows, count: duplicates.nodeCount)
    let builder = try GraphBuilder(
      space: space(rows, augmentation, plan), plan: plan, levelCounts: levelCounts,
      team: ThreadTeam(count: threads))
    state.end("preparing")
    let nodes = try adopt(base, rows, builder, &state)
    try builder.insert(nodes) { done throws(StoreError) in
      try checkCancelled()
      progress(0.1 + 0.8 * Double(done) / Double(max(1, nodes.count)), .linking)
    }
    state.end("linking")
    builder.finish()
    state.report.attachedNodes = builder.connect()
    state.end("finishing")
    let order = builder.localityOrder()
    state.end("ordering")
    withExtendedLifetime(augmentation) {}
    return BuiltSegment(
      graph: builder, rows: rows, duplicates: duplicates, order: order, state: state, builder: self)
  }

  /// The distances that the graph is built on.
  private func space(
    _ rows: EncodedRows, _ augmentation: BuildAugmentation, _ plan: GraphPlan
  ) -> BuildSpace {
    let codec = rows.codec
    let prototype = KeySource(
      gather: codec.buildKernels.gather, query: UnsafeRawPointer(rows.rows.base),
      rows: UnsafeRawPointer(rows.rows.base), stride: codec.rowStride,
      dimensions: codec.kernelDimensions, augmentation: augmentation.view)
    let alpha = UInt64(plan.alpha)
    return BuildSpace(
      prototype: prototype, isFloat: codec.buildsOnFloats,
      shadowFactor: codec.buildsOnSquares ? alpha * alpha / 1024 : alpha)
  }

  /// Takes over what can be reused of an older graph; returns the nodes that are left to insert.
  func adopt(
    _ base: SegmentIndex?, _ rows: EncodedRows, _ builder: GraphBuilder, _ state: inout BuildState
  ) throws(StoreError) -> [UInt32] {
    Array(0..<UInt32(builder.count))
  }
}
