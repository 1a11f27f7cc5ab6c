/// Rows whose bytes are the same. Only the first of each group becomes a graph node: thousands of
/// equal rows would otherwise fill each other's links and lead nowhere.
struct Duplicates {
  /// The rows that become nodes, ascending, then the others, grouped by their node.
  var order: [UInt32]
  /// Number of nodes.
  var nodeCount: Int
  /// For each node the place of its first duplicate behind the nodes; one more at the end.
  var offsets: [UInt32]

  /// Groups the rows of a store; first means first in its order.
  init(of rows: EncodedRows) {
    var hashes = (0..<rows.count).map { index in
      Hashed(hash: Self.hash(rows.row(index), rows.codec.rowStride), row: UInt32(index))
    }
    hashes.sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.row < $1.row }
    /// The node of each row; itself for nodes.
    var nodes = (0..<UInt32(rows.count)).map { $0 }
    var start = 0
    while start < hashes.count {
      var end = start + 1
      while end < hashes.count, hashes[end].hash == hashes[start].hash { end += 1 }
      if end - start > 1 {
        Self.group(hashes[start..<end].map { $0.row }, rows, &nodes)
      }
      start = end
    }
    self.init(nodes: nodes)
  }

  /// Puts rows in order, from the node of each.
  private init(nodes: [UInt32]) {
    order = []
    order.reserveCapacity(nodes.count)
    var others: [(node: UInt32, row: UInt32)] = []
    for (row, node) in nodes.enumerated() {
      if node == UInt32(row) { order.append(node) } else { others.append((node, UInt32(row))) }
    }
    nodeCount = order.count
    others.sort { ($0.node, $0.row) < ($1.node, $1.row) }
    offsets = []
    guard !others.isEmpty else { return }
    offsets.reserveCapacity(nodeCount + 1)
    var next = 0
    for node in order {
      offsets.append(UInt32(next))
      while next < others.count, others[next].node == node { next += 1 }
    }
    offsets.append(UInt32(next))
    order += others.map { $0.row }
  }

  private struct Hashed {
    let hash: UInt64
    let row: UInt32
  }

  /// Rows of one hash are nearly always one group; a collision makes more.
  private static func group(_ members: [UInt32], _ rows: EncodedRows, _ nodes: inout [UInt32]) {
    var firsts: [UInt32] = []
    for member in members {
      let first = firsts.first {
        equal(rows.row(Int($0)), rows.row(Int(member)), rows.codec.rowStride)
      }
      if let first { nodes[Int(member)] = first } else { firsts.append(member) }
    }
  }

  private static func equal(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int
  ) -> Bool {
    UnsafeRawBufferPointer(start: a, count: count)
      .elementsEqual(UnsafeRawBufferPointer(start: b, count: count))
  }

  /// Two multiplications for each 8 bytes; collisions are resolved by comparison.
  private static func hash(_ row: UnsafeRawPointer, _ count: Int) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    var offset = 0
    while offset &+ 8 <= count {
      let word = row.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
      offset &+= 8
    }
    while offset < count {
      hash = (hash ^ UInt64(row.load(fromByteOffset: offset, as: UInt8.self))) &* 0x100_0000_01B3
      offset &+= 1
    }
    return NodeLevels.mix(hash)
  }
}
