import SegmentFiles
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
    let nodes = adopt(base, rows, duplicates, builder, &state)
    try builder.insert(nodes) { done throws(StoreError) in
      try checkCancelled()
      progress(0.1 + 0.8 * Double(done) / Double(max(1, nodes.count)), .linking)
    }
    state.end("linking")
    builder.finish()
    state.report.attachedNodes = builder.connect()
    state.end("finishing")
    let order =
      plan.tuning.ordersByLocality ? builder.localityOrder() : Array(0..<UInt32(builder.count))
    state.end("ordering")
    withExtendedLifetime(augmentation) {}
    return BuiltSegment(
      graph: builder, rows: rows, duplicates: duplicates, order: order,
      entries: augmentation.largest,
      state: state, builder: self)
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
    let alpha = UInt64(plan.tuning.alpha)
    return BuildSpace(
      prototype: prototype, isFloat: codec.buildsOnFloats,
      shadowFactor: codec.buildsOnSquares ? alpha * alpha / 1024 : alpha)
  }

  /// Takes over what can be reused of an older graph; returns the nodes that are left to insert.
  private func adopt(
    _ base: SegmentIndex?, _ rows: EncodedRows, _ duplicates: Duplicates, _ builder: GraphBuilder,
    _ state: inout BuildState
  ) -> [UInt32] {
    let all = Array(0..<UInt32(builder.count))
    guard let base, canReuse(base, builder.plan), base.header.generation < maxGenerations else {
      return all
    }
    let adoption = GraphAdoption(
      base: base, rows: rows, duplicates: duplicates, builder: builder)
    guard adoption.count * 100 >= base.layout.nodeCount * Self.leastSurvivors else { return all }
    state.report.repairedNodes = builder.adopt(adoption, from: base)
    state.report.reusedNodes = adoption.count
    state.generation = base.header.generation + 1
    state.hash.update(base.header.identifier.low)
    state.hash.update(base.header.identifier.high)
    state.end("adopting")
    return all.filter { adoption.baseNodes[Int($0)] == GraphAdoption.noNode }
  }

  /// With fewer survivors, in percent of the base's nodes, repair costs quality and saves little.
  private static let leastSurvivors = 60

  /// Whether links that the base's rows were given may stand for links between rows of this encoding. All
  /// graphs are built on int8 codes but those of float32 segments, which are built on the vectors: those
  /// are as good for all.
  func canFollow(_ base: SegmentIndex) -> Bool {
    guard encoding.elementType == base.plan.elementType else { return false }
    return encoding != .float32 || base.encoding == .float32
  }

  /// Whether a graph is of the kind that is being built. With the same seed and m, every vector is on
  /// the same level.
  func canReuse(_ base: SegmentIndex, _ plan: GraphPlan) -> Bool {
    base.kind == .hnsw(plan.parameters) && base.metric == metric && canFollow(base)
      && base.rowDimensions == dimensions && base.transform?.identifier == fitted?.identifier
      && base.layout.alpha == plan.tuning.alpha
      && base.count > 0
  }
}
