import SegmentFiles
import StorageIO
import VectorMath

extension BuiltSegment {
  /// Writes all sections.
  package func write(to sink: any SectionSink) throws(StoreError) {
    try section(sink, .parameters) { buffer throws(StoreError) in
      try buffer.append(layout.serialized())
      if let stored = rows.written.codec.stored {
        try buffer.append(EncodingRecord.serialized(plan))
        try buffer.append(stored.bytes)
      } else if let quantizer = rows.codec.quantizer {
        try buffer.append(quantizer.bytes)
      }
    }
    if let transform {
      try section(sink, .transform) { buffer throws(StoreError) in
        try buffer.append(transform.bytes)
      }
    }
    if recoded == nil { try writeDocIDs(to: sink) }
    try writeRows(to: sink, .rows, rows.written.rows, stride: layout.rowStride)
    try writeBlocks(to: sink)
    if let residuals = rows.residuals {
      try writeRows(to: sink, .residuals, residuals, stride: layout.residualStride)
    }
    try kind?.write(self, to: sink)
    if let recoded { return try copyGraph(of: recoded, to: sink) }
    guard !layers.isEmpty else { return }
    try writeLinks(to: sink)
    if !entries.isEmpty {
      let places = nodePlaces()
      try section(sink, .entries) { buffer throws(StoreError) in
        for entry in entries { try buffer.append(places[Int(entry)]) }
      }
    }
    guard !offsets.isEmpty else { return }
    try section(sink, .duplicates) { buffer throws(StoreError) in
      for offset in offsets { try buffer.append(offset) }
    }
  }

  /// Rows that only changed their encoding keep their order, and the graph is that of the older segment.
  private func copyGraph(of base: SegmentIndex, to sink: any SectionSink) throws(StoreError) {
    for kind in SectionKind.ofGraph {
      guard let bytes = base.sections.section(kind) else { continue }
      base.sections.advise(kind, .willNeed)
      try section(sink, kind) { buffer throws(StoreError) in
        for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
          try buffer.append(
            UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 1 << 20, bytes.count)]))
        }
      }
    }
  }

  /// Writes one section.
  func section(
    _ sink: any SectionSink, _ kind: SectionKind, alignment: Int = 64,
    _ body: (inout SectionBuffer) throws(StoreError) -> Void
  ) throws(StoreError) {
    try sink.beginSection(kind, alignment: alignment)
    var buffer = SectionBuffer(sink: sink)
    try body(&buffer)
    try buffer.flush()
    try sink.endSection()
  }

  /// Whether rows are in order of DocID.
  private var isOrdered: Bool { header.kind == IndexKind.Number.flat }

  private func writeDocIDs(to sink: any SectionSink) throws(StoreError) {
    let first = header.firstDocID
    let rowIDs = order.map { rows.docIDs[Int($0)] }
    var ranked = Array(0..<UInt32(rowIDs.count))
    if !isOrdered { ranked.sort { rowIDs[Int($0)] < rowIDs[Int($1)] } }
    try section(sink, .docIDs) { buffer throws(StoreError) in
      for row in ranked {
        let offset = rowIDs[Int(row)] - first
        if layout.docIDWidth == 4 {
          try buffer.append(UInt32(truncatingIfNeeded: offset))
        } else {
          try buffer.append(offset)
        }
      }
    }
    guard !isOrdered else { return }
    var ranks = [UInt32](repeating: 0, count: ranked.count)
    for (rank, row) in ranked.enumerated() { ranks[Int(row)] = UInt32(rank) }
    try section(sink, .rowRanks) { buffer throws(StoreError) in
      for rank in ranks { try buffer.append(rank) }
    }
    try section(sink, .rankRows) { buffer throws(StoreError) in
      for row in ranked { try buffer.append(row) }
    }
  }

  private func writeRows(
    to sink: any SectionSink, _ kind: SectionKind, _ memory: AnonymousMemory, stride: Int
  ) throws(StoreError) {
    try section(sink, kind) { buffer throws(StoreError) in
      for row in order {
        try buffer.append(
          UnsafeRawBufferPointer(start: memory.base + Int(row) * stride, count: stride))
      }
    }
  }

  /// The rows of a flat segment, which keep their order, in the blocks of a fast scan.
  private func writeBlocks(to sink: any SectionSink) throws(StoreError) {
    guard isOrdered, let quantizer = FastScanSection.quantizer(rows.written.codec), rows.count > 0,
      let blocks = FastScanBlocks(
        quantizer: quantizer, rows: rows.written.rows.base, stride: layout.rowStride,
        count: rows.count)
    else { return }
    try section(sink, .blocks) { buffer throws(StoreError) in try buffer.append(blocks.bytes) }
  }

  /// The final ordinal of each of the builder's nodes.
  private func nodePlaces() -> [UInt32] {
    var places = [UInt32](repeating: 0, count: layout.nodeCount)
    for place in 0..<layout.nodeCount { places[Int(order[place])] = UInt32(place) }
    return places
  }

  private func writeLinks(to sink: any SectionSink) throws(StoreError) {
    let places = nodePlaces()
    for kind in [SectionKind.baseLinks, .upperLinks] {
      try section(sink, kind) { buffer throws(StoreError) in
        for (level, layer) in layers.enumerated() where (level == 0) == (kind == .baseLinks) {
          let stride = level == 0 ? layout.baseStride : layout.upperStride
          for place in 0..<layer.count {
            let node = Int(order[place])
            let row = layer.links + node * layer.slots
            let degree = min(Int(layer.degrees[node]), layer.degree)
            for slot in 0..<stride {
              try buffer.append(slot < degree ? places[Int(row[slot])] : LayerView.noLink)
            }
          }
        }
      }
    }
  }
}
