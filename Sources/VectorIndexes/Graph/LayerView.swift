/// One layer of a graph as plain rows of ordinals. Rows belong to a mapping that anybody may have
/// written to, so whoever follows a link compares it with `count` first.
struct LayerView: @unchecked Sendable {
  // Sendable: the memory is read-only, or written by the builder between searches only.

  /// Row `i` starts at `rows + i * stride`.
  let rows: UnsafePointer<UInt32>
  /// Distance of rows, in ordinals.
  let stride: Int
  /// Most links in a row; a row with fewer ends at the first value not below `count`.
  let degree: Int
  /// Nodes `0 ..< count` are on this layer.
  let count: UInt32
}

extension LayerView {
  /// Fills the unused links of a row.
  static let noLink = UInt32.max

  /// Calls `body` with each link of a node; all are below `count`.
  @inline(__always)
  func forEachLink(of node: Int, _ body: (UInt32) -> Void) {
    guard node >= 0, node < Int(count) else { return }
    let row = rows + node &* stride
    var slot = 0
    while slot < degree, row[slot] < count {
      body(row[slot])
      slot &+= 1
    }
  }

  /// The links of one node, for checks and tests.
  func links(of node: Int) -> [UInt32] {
    guard node >= 0, node < Int(count) else { return [] }
    var links: [UInt32] = []
    for slot in 0..<degree {
      let link = rows[node * stride + slot]
      if link >= count { break }
      links.append(link)
    }
    return links
  }
}
