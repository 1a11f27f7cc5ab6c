import SegmentFiles
import VectorMath

/// Looks at every number of a segment that points somewhere.
struct StructureCheck {
  let index: SegmentIndex
  /// Findings of one kind that are spelled out.
  private static let most = 5

  init(_ index: SegmentIndex) { self.index = index }

  /// What is wrong, in words.
  func findings() -> [String] {
    directory() + transform() + blocks() + links() + duplicates() + reachability()
      + (index.structure?.findings(index) ?? [])
  }

  private func transform() -> [String] {
    guard let transform = index.transform, !transform.isWhole else { return [] }
    return ["the transform is not the one that its name stands for"]
  }

  /// The blocks of a fast scan hold the codes of the rows.
  private func blocks() -> [String] {
    guard let section = index.fastScan,
      let wanted = FastScanBlocks(
        quantizer: section.quantizer, rows: index.mappedRows.base, stride: index.layout.rowStride,
        count: index.count)
    else { return [] }
    let found = UnsafeRawBufferPointer(
      start: section.blocks.base, count: min(section.blocks.count, wanted.bytes.count))
    return found.elementsEqual(wanted.bytes)
      ? [] : ["the blocks do not hold the codes of the rows"]
  }

  private func directory() -> [String] {
    var findings: [String] = []
    var last: UInt64?
    for rank in 0..<index.count where findings.count < Self.most {
      guard let (docID, row) = index.directory.entry(rank: rank) else {
        findings.append("rank \(rank) has no row")
        continue
      }
      if let last, docID <= last { findings.append("DocID \(docID) follows \(last)") }
      last = docID
      if docID < index.header.firstDocID || docID > index.header.lastDocID {
        findings.append("DocID \(docID) is outside the segment's interval")
      }
      if index.directory.docID(ofRow: row) != docID {
        findings.append("row \(row) does not know that it is DocID \(docID)")
      }
    }
    return findings
  }

  private func links() -> [String] {
    var findings: [String] = []
    for (level, layer) in index.layers.enumerated() {
      for node in 0..<Int(layer.count) where findings.count < Self.most {
        let row = layer.rows + node * layer.stride
        var used = 0
        while used < layer.degree, row[used] < layer.count { used += 1 }
        for slot in 0..<used {
          if Int(row[slot]) == node {
            findings.append("node \(node) on layer \(level) links itself")
          }
          for other in 0..<slot where row[other] == row[slot] {
            findings.append("node \(node) on layer \(level) links \(row[slot]) twice")
          }
        }
        for slot in used..<layer.stride where row[slot] != LayerView.noLink {
          findings.append("node \(node) on layer \(level) links \(row[slot]), which is not there")
        }
      }
    }
    return findings
  }

  private func duplicates() -> [String] {
    guard let view = index.duplicates else { return [] }
    var next = view.nodeCount
    for node in 0..<view.nodeCount {
      let rows = view.rows(of: UInt32(node))
      if rows.lowerBound != next { return ["the rows that hang on node \(node) are not in order"] }
      next = rows.upperBound
    }
    return next == index.count ? [] : ["\(index.count - next) rows hang on no node"]
  }

  /// Every node can be reached on layer 0 from the entry point.
  private func reachability() -> [String] {
    guard let layer = index.layers.first else { return [] }
    var seen = [Bool](repeating: false, count: Int(layer.count))
    var queue: [UInt32] = [0]
    queue.reserveCapacity(Int(layer.count))
    seen[0] = true
    var head = 0
    while head < queue.count {
      layer.forEachLink(of: Int(queue[head])) { link in
        if seen[Int(link)] { return }
        seen[Int(link)] = true
        queue.append(link)
      }
      head += 1
    }
    let lost = Int(layer.count) - queue.count
    // `connect` may take a last way in from somewhere else when it makes room.
    return lost * 1000 <= Int(layer.count) ? [] : ["\(lost) nodes cannot be reached"]
  }
}
