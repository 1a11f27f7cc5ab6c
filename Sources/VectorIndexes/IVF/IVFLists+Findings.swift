import VectorMath

extension IVFLists {
  /// Findings of one kind that are spelled out.
  private static let most = 5

  func findings(_ index: SegmentIndex) -> [String] {
    listFindings() + groupFindings() + blockFindings(index)
  }

  /// Every row lies in one list.
  private func listFindings() -> [String] {
    var findings: [String] = []
    var next = 0
    for list in 0..<count where findings.count < Self.most {
      let rows = rows(of: list)
      if rows.lowerBound != next {
        findings.append("list \(list) begins at row \(rows.lowerBound), not \(next)")
      }
      next = max(next, rows.upperBound)
      if !(spread(of: list) >= 0) { findings.append("list \(list) has no sound spread") }
    }
    if findings.isEmpty, next != rowCount {
      findings.append("\(rowCount - next) rows lie in no list")
    }
    return findings
  }

  private func groupFindings() -> [String] {
    var next = 0
    for group in 0..<groupCount {
      let range = centroids(ofGroup: group)
      if range.lowerBound != next, !range.isEmpty {
        return ["group \(group) begins at centroid \(range.lowerBound), not \(next)"]
      }
      next = max(next, range.upperBound)
    }
    return groupCount == 0 || next == count ? [] : ["\(count - next) centroids lie in no group"]
  }

  /// The blocks of a fast scan hold the codes of the rows.
  private func blockFindings(_ index: SegmentIndex) -> [String] {
    guard let fastScan else { return [] }
    let stride = index.layout.rowStride
    for list in 0..<count {
      let rows = rows(of: list)
      guard !rows.isEmpty else { continue }
      let wanted = FastScanBlocks(
        quantizer: fastScan.quantizer, rows: index.mappedRows.base + rows.lowerBound * stride,
        stride: stride, count: rows.count)
      guard let wanted else { return [] }
      guard let address = fastScan.address(block: block(of: list), count: wanted.blocks),
        UnsafeRawBufferPointer(start: address, count: wanted.bytes.count)
          .elementsEqual(wanted.bytes)
      else { return ["the blocks of list \(list) do not hold the codes of its rows"] }
    }
    return []
  }
}
