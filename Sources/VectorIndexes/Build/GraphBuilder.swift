import StorageIO

/// Builds the layers of a graph over rows that are in order of insertion: level descending, then at
/// random. So the nodes of a layer are a prefix of the rows, and row 0 is the entry point.
///
/// Deterministic at any number of threads (ParlayANN, Dobson et al., 2023): nodes are inserted in
/// batches. All nodes of a batch search the graph as it was before; then the back links are put in
/// order of source, and every target takes in its own.
final class GraphBuilder: @unchecked Sendable {
  // Sendable: parallel regions write disjoint rows; everything else is done by the caller's thread.

  let space: BuildSpace
  let plan: GraphPlan
  let team: ThreadTeam
  let layers: [BuildLayer]
  let workers: [GraphWorker]
  /// Where searches start: the inserted node of the highest level. `nil` before the first.
  private(set) var entry: UInt32?
  /// Nodes inserted so far, for each level those that reach it.
  private var insertedCounts: [Int]
  private let backLinks: BackLinks

  /// `levelCounts[l]` nodes, the first ones, are on layer l.
  init(
    space: BuildSpace, plan: GraphPlan, levelCounts: [Int], team: ThreadTeam
  ) throws(StoreError) {
    self.space = space
    self.plan = plan
    self.team = team
    var layers: [BuildLayer] = []
    for (level, count) in levelCounts.enumerated() {
      let degree = level == 0 ? plan.parameters.baseDegree : plan.parameters.m
      let slots = max(degree + 1, degree * plan.tuning.slackPercent / 100)
      layers.append(try BuildLayer(count: count, degree: degree, slots: slots))
    }
    self.layers = layers
    workers = (0..<team.count).map { _ in
      GraphWorker(space: space, maxDegree: plan.parameters.baseDegree * 2)
    }
    insertedCounts = levelCounts.map { _ in 0 }
    backLinks = BackLinks(nodes: levelCounts.first ?? 0)
  }

  /// Number of nodes.
  var count: Int { layers.first?.count ?? 0 }

  /// The highest layer of a node.
  func level(of node: Int) -> Int {
    var level = layers.count - 1
    while level > 0, node >= layers[level].count { level -= 1 }
    return level
  }

  /// Inserts `nodes` (ascending), and calls `progress` with the number done after each batch; it may
  /// throw to cancel.
  func insert(
    _ nodes: [UInt32], progress: (Int) throws(StoreError) -> Void
  ) throws(StoreError) {
    var done = 0
    while done < nodes.count {
      let size = batchSize(first: Int(nodes[done]))
      let batch = nodes[done..<min(done + size, nodes.count)]
      insert(batch: batch)
      for node in batch { countInserted(Int(node)) }
      done += batch.count
      try progress(done)
    }
  }

  /// Notes that a node can be found.
  func countInserted(_ node: Int) {
    for level in 0...level(of: node) { insertedCounts[level] += 1 }
    entry = min(entry ?? UInt32(node), UInt32(node))
  }

  /// A batch does not see itself, so it stays small against what is there, on the highest level of its
  /// nodes too.
  private func batchSize(first: Int) -> Int {
    let inserted = insertedCounts[level(of: first)]
    if inserted < 8 { return 1 }
    return max(1, min(inserted / 4, max(64, count * plan.tuning.batchPercent / 100)))
  }

  private func insert(batch: ArraySlice<UInt32>) {
    guard let entry, !batch.isEmpty else { return }
    let batch = byNeighbourhood(batch, from: entry)
    team.forEachChunk(of: batch.count, size: 32) { [self] worker, range in
      for i in range { search(batch[i], from: entry, workers[worker]) }
    }
    link(batch)
  }

  /// Finds a new node's neighbours and writes its own rows; nobody can see them yet.
  private func search(_ node: UInt32, from entry: UInt32, _ worker: GraphWorker) {
    let source = space.source(for: node)
    let scratch = worker.scratch
    let top = level(of: Int(entry))
    let own = level(of: Int(node))
    var start = entry
    var key: UInt32 = 0
    source.keys(of: &start, count: 1, into: &key)
    var seeds = [PoolEntry.make(key: key, ordinal: entry)]
    for level in stride(from: top, through: 0, by: -1) {
      let layer = layers[level]
      scratch.prepare(
        nodes: layer.count, entries: plan.parameters.efConstruction,
        batch: layer.slots * plan.tuning.width)
      if level > own {
        seeds = [BeamSearch.descend(layer.view, source, from: seeds[0], scratch: scratch)]
        continue
      }
      let ef = plan.parameters.efConstruction
      for seed in seeds {
        scratch.seed(key: PoolEntry.key(seed), ordinal: PoolEntry.ordinal(seed), limit: ef)
      }
      BeamSearch.run(layer.view, source, ef: ef, width: plan.tuning.width, scratch: scratch)
      let limit = level == 0 ? plan.firstDegree : plan.parameters.m
      let count = worker.select(
        for: node, from: scratch.pool, count: scratch.size, limit: limit)
      layer.setLinks(of: Int(node), worker.chosen, count: count)
      if level > 0 {
        seeds = (0..<min(4, scratch.size)).map { scratch.pool[$0] & ~1 }
      }
    }
  }

  /// Gives the batch's links their way back.
  private func link(_ batch: [UInt32]) {
    for (level, layer) in layers.enumerated() {
      let sources = level == 0 ? batch : batch.filter { Int($0) < layer.count }
      if sources.isEmpty { break }
      backLinks.collect(from: sources, in: layer)
      let links = backLinks
      team.forEachChunk(of: links.targets.count, size: 64) { [self] worker, range in
        for i in range {
          absorb(links.sources(of: i), into: links.targets[i], layer, workers[worker])
        }
      }
    }
  }

  /// Adds sources to a target's links, and prunes them when the row is full.
  private func absorb(
    _ sources: UnsafeBufferPointer<UInt32>, into target: UInt32, _ layer: BuildLayer,
    _ worker: GraphWorker
  ) {
    let node = Int(target)
    let row = layer.links + node &* layer.slots
    let degree = Int(layer.degrees[node])
    if degree + sources.count <= layer.slots {
      var end = degree
      for source in sources where !contains(row, degree, source) {
        row[end] = source
        end &+= 1
      }
      layer.degrees[node] = UInt16(truncatingIfNeeded: end)
      return
    }
    let buffer = worker.ordinalBuffer(degree + sources.count)
    for slot in 0..<degree { buffer[slot] = row[slot] }
    for (i, source) in sources.enumerated() { buffer[degree + i] = source }
    let all = UnsafeBufferPointer(start: buffer, count: degree + sources.count)
    let count = worker.select(for: target, among: all, limit: layer.degree)
    layer.setLinks(of: node, worker.chosen, count: count)
  }

  private func contains(_ row: UnsafePointer<UInt32>, _ count: Int, _ value: UInt32) -> Bool {
    for slot in 0..<count where row[slot] == value { return true }
    return false
  }

  /// Brings every row to its final degree, nearest first.
  func finish() {
    for layer in layers {
      team.forEachChunk(of: layer.count, size: 256) { [self] worker, range in
        for node in range { finish(node, layer, workers[worker]) }
      }
    }
  }

  private func finish(_ node: Int, _ layer: BuildLayer, _ worker: GraphWorker) {
    let degree = Int(layer.degrees[node])
    let row = UnsafeBufferPointer(start: layer.links + node &* layer.slots, count: degree)
    let count =
      degree > layer.degree
      ? worker.select(for: UInt32(node), among: row, limit: layer.degree)
      : worker.order(for: UInt32(node), row, limit: layer.degree)
    layer.setLinks(of: node, worker.chosen, count: count)
  }
}
