extension SegmentIndex {
  /// Mean number of links of a node on layer 0; reads the whole layer.
  package var meanBaseDegree: Double {
    guard let layer = layers.first, layer.count > 0 else { return 0 }
    var total = 0
    for node in 0..<Int(layer.count) {
      var slot = 0
      while slot < layer.degree, layer.rows[node &* layer.stride &+ slot] < layer.count {
        slot += 1
      }
      total += slot
    }
    return Double(total) / Double(layer.count)
  }
}
