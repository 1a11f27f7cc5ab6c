import CVectorKernels

/// One map for all components. A query has 256 places where rows have 16; row and query places are compared in
/// the query's, a row's code c standing for 16c + 8.
extension NibbleQuantizer {
  static let headBytes = Int(VK_CODE_QUERY_DATA)
  var half: Int { (dimensions + 1) / 2 }
  var partBytes: Int { (half + 63) / 64 * 64 }

  func encode(
    _ vector: UnsafePointer<Float>, map: ScalarQuantizer, into row: UnsafeMutableRawPointer
  ) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: dimensions) { codes in
      guard let codes = codes.baseAddress else { return }
      map.encode(vector, codes: codes, residuals: nil)
      let bytes = row.assumingMemoryBound(to: UInt8.self)
      for index in 0..<half { bytes[index] = codes[index] >> 3 }
      for index in half..<dimensions { bytes[index - half] |= (codes[index] >> 3) << 4 }
    }
  }

  /// What a query's components lack to the ends of the map counts for every row alike, so it is kept in the
  /// head, and added to the distance only.
  func prepare(
    query: UnsafePointer<Float>, map: ScalarQuantizer, into memory: UnsafeMutableRawPointer
  ) {
    let data = (memory + Self.headBytes).assumingMemoryBound(to: UInt8.self)
    for index in 0..<2 * partBytes { data[index] = 8 }
    let lowest = Double(map.map.lowest)
    let place = Double(map.map.step) / 2
    var excess = 0.0
    for index in 0..<dimensions {
      let exact = (Double(query[index]) - lowest) / place
      let rounded = max(0, min(255, exact.rounded()))
      if exact < 0 || exact > 255 { excess += abs(exact - rounded) * place }
      data[index < half ? index : index - half + partBytes] = UInt8(rounded)
    }
    var head = vk_code_query()
    head.slope = Wide.finite(place)
    head.constant = Wide.finite(excess)
    memory.storeBytes(of: head, as: vk_code_query.self)
  }

  func distance(ofKey key: UInt32, query: UnsafeRawPointer, map: ScalarQuantizer) -> Float {
    let head = query.load(as: vk_code_query.self)
    return Wide.finite(Double(head.constant) + Double(key) * Double(head.slope))
  }
}
