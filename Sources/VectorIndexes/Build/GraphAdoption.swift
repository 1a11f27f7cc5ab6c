/// Which nodes of an older graph live on in a new one, and under which ordinal.
struct GraphAdoption: Sendable {
  /// For each node of the base its node in the new segment, or `noNode`. Several may share one.
  let newNodes: [UInt32]
  /// For each node of the new segment the base node whose links it takes over, or `noNode`.
  let baseNodes: [UInt32]
  /// How many nodes take links over.
  let count: Int

  static let noNode = UInt32.max

  /// Matches by DocID. A group of equal rows lives on as long as one of its rows does.
  init(base: SegmentIndex, rows: EncodedRows, duplicates: Duplicates, builder: GraphBuilder) {
    let nodeOfRow = Self.nodes(of: rows, duplicates)
    let byDocID = (0..<UInt32(rows.count)).sorted { rows.docIDs[Int($0)] < rows.docIDs[Int($1)] }
    var newNodes = [UInt32](repeating: Self.noNode, count: base.layout.nodeCount)
    var adopted = [UInt32](repeating: Self.noNode, count: duplicates.nodeCount)
    var survivors = [UInt32](repeating: Self.noNode, count: base.count)
    var next = 0
    for rank in 0..<base.count {
      guard let (docID, row) = base.directory.entry(rank: rank) else { continue }
      while next < byDocID.count, rows.docIDs[Int(byDocID[next])] < docID { next += 1 }
      guard next < byDocID.count, rows.docIDs[Int(byDocID[next])] == docID else { continue }
      survivors[row] = nodeOfRow[Int(byDocID[next])]
    }
    var count = 0
    for node in 0..<base.layout.nodeCount {
      var survivor = survivors[node]
      if survivor == Self.noNode, let view = base.duplicates {
        let other = view.rows(of: UInt32(node)).first { survivors[$0] != Self.noNode }
        if let other { survivor = survivors[other] }
      }
      guard survivor != Self.noNode else { continue }
      let isFree = adopted[Int(survivor)] == Self.noNode
      // A node that now reaches higher than its links do is inserted as if it were new.
      if isFree, builder.level(of: Int(survivor)) > base.level(of: node) { continue }
      newNodes[node] = survivor
      if isFree {
        adopted[Int(survivor)] = UInt32(node)
        count += 1
      }
    }
    self.newNodes = newNodes
    baseNodes = adopted
    self.count = count
  }

  /// The node that each row of a store is or hangs on.
  private static func nodes(of rows: EncodedRows, _ duplicates: Duplicates) -> [UInt32] {
    var nodes = Array(0..<UInt32(rows.count))
    guard !duplicates.offsets.isEmpty else { return nodes }
    for node in 0..<duplicates.nodeCount {
      for other in duplicates.offsets[node]..<duplicates.offsets[node + 1] {
        nodes[duplicates.nodeCount + Int(other)] = UInt32(node)
      }
    }
    return nodes
  }
}
