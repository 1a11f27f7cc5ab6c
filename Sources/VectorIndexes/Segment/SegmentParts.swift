import SegmentFiles
import StorageIO
import VectorMath

/// The checked parts of a segment, on the way to a `SegmentIndex`.
struct SegmentParts {
  let kind: IndexKind
  let count: Int
  let layout: IndexLayout
  let plan: EncodingPlan
  let transform: LinearTransform?
  let codec: RowCodec
  let rows: MappedBytes
  let residuals: MappedBytes?
  let fastScan: FastScanSection?
  let directory: DocIDDirectory
  let layers: [LayerView]
  let duplicates: DuplicateView?
  let entries: [UInt32]
  let structure: (any IndexStructure)?

  init(_ sections: IndexSections, _ engines: CustomEngines) throws(StoreError) {
    let header = sections.header
    guard header.count <= UInt64(PoolEntry.maxRows), header.dimensions > 0,
      header.dimensions <= UInt32(SegmentBuilder.maxDimensions)
    else {
      throw sections.damaged(
        .parameters, "cannot hold \(header.count) rows of \(header.dimensions) dimensions")
    }
    let count = Int(header.count)
    let bytes = try sections.require(.parameters, bytes: IndexLayout.byteCount)
    guard let layout = IndexLayout(bytes) else {
      throw sections.damaged(.parameters, "has values that contradict each other")
    }
    transform = try Self.transform(sections, layout)
    let (plan, codec) = try Self.codec(
      sections, bytes, dimensions: transform?.outputs ?? Int(header.dimensions))
    guard layout.rowStride == codec.rowStride, layout.residualStride == codec.residualStride,
      layout.nodeCount <= count
    else { throw sections.damaged(.parameters, "does not fit the header") }
    self.count = count
    self.layout = layout
    self.plan = plan
    self.codec = codec
    structure = try IndexStructures.open(
      StructureSource(
        sections: sections, layout: layout, codec: codec, count: count, engines: engines))
    kind =
      if let structure {
        structure.kind
      } else if layout.m == 0 {
        .flat
      } else {
        .hnsw(.init(m: layout.m, efConstruction: layout.efConstruction, seed: layout.seed))
      }
    guard kind.rawKind == header.kind, layout.m == 0 || structure == nil else {
      throw sections.damaged(.parameters, "is not of the kind that the header names")
    }
    rows = try sections.bytes(.rows, bytes: count * codec.rowStride)
    residuals =
      codec.residualStride == 0
      ? nil : try sections.bytes(.residuals, bytes: count * codec.residualStride)
    fastScan = try FastScanSection(sections, codec, count: count, isFlat: kind == .flat)
    directory = try Self.directory(sections, layout, count, isOrdered: kind == .flat)
    layers = try Self.layers(sections, layout)
    duplicates = try Self.duplicates(sections, layout, count)
    entries = Self.entries(sections, layout)
  }

  /// The map that made rows of vectors; nil for rows that are the vectors'.
  private static func transform(
    _ sections: IndexSections, _ layout: IndexLayout
  ) throws(StoreError) -> LinearTransform? {
    guard layout.transformedDimensions > 0 else { return nil }
    let section = try sections.require(.transform, bytes: 1)
    guard let found = LinearTransform(mapped: section),
      found.inputs == Int(sections.header.dimensions),
      found.outputs == layout.transformedDimensions,
      found.header.metric.fileCode == sections.header.metric
    else { throw sections.damaged(.transform, "holds no transform of these vectors") }
    return found
  }

  private static func codec(
    _ sections: IndexSections, _ bytes: UnsafeRawBufferPointer, dimensions: Int
  ) throws(StoreError) -> (EncodingPlan, RowCodec) {
    let header = sections.header
    guard let encoding = VectorEncodingKind(rawValue: header.encoding),
      let metric = Metric(fileCode: header.metric)
    else {
      throw sections.damaged(.parameters, "has an unknown encoding or metric")
    }
    if encoding == .float32 {
      return (.float32, .float32(metric: metric, dimensions: dimensions))
    }
    if encoding == .bits {
      guard metric == .hamming, dimensions % 8 == 0 else {
        throw sections.damaged(.parameters, "cannot hold packed bits")
      }
      return (.bits, .bits(dimensions: dimensions))
    }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[IndexLayout.byteCount...])
    if encoding == .int8 {
      guard let quantizer = ScalarQuantizer(bytes: rest), quantizer.dimensions == dimensions,
        quantizer.metric == metric
      else { throw sections.damaged(.parameters, "has no readable quantizer") }
      return (.int8, .int8(quantizer, hasResiduals: true))
    }
    guard metric != .hamming, let plan = EncodingRecord.plan(rest, kind: encoding),
      let stored = StoredEncodings.open(
        plan, UnsafeRawBufferPointer(rebasing: rest[EncodingRecord.byteCount...]), metric: metric,
        dimensions: dimensions)
    else { throw sections.damaged(.parameters, "has no readable \(encoding)") }
    return (plan, .stored(stored))
  }

  private static func directory(
    _ sections: IndexSections, _ layout: IndexLayout, _ count: Int, isOrdered: Bool
  ) throws(StoreError) -> DocIDDirectory {
    let sorted = try sections.require(.docIDs, bytes: count * layout.docIDWidth)
    var ranks: UnsafeRawBufferPointer?
    var rows: UnsafeRawBufferPointer?
    if !isOrdered {
      ranks = try sections.require(.rowRanks, bytes: count * 4)
      rows = try sections.require(.rankRows, bytes: count * 4)
    }
    guard let base = sorted.baseAddress else { throw sections.damaged(.docIDs, "is empty") }
    return DocIDDirectory(
      firstDocID: sections.header.firstDocID, lastDocID: sections.header.lastDocID, count: count,
      sorted: base, width: layout.docIDWidth,
      ranks: ranks?.baseAddress?.assumingMemoryBound(to: UInt32.self),
      rows: rows?.baseAddress?.assumingMemoryBound(to: UInt32.self))
  }

  private static func layers(
    _ sections: IndexSections, _ layout: IndexLayout
  ) throws(StoreError) -> [LayerView] {
    guard let nodes = layout.levelCounts.first else { return [] }
    let base = try sections.require(.baseLinks, bytes: nodes * layout.baseStride * 4)
    let upperRows = layout.levelCounts.dropFirst().reduce(0, +)
    let upper = try sections.require(.upperLinks, bytes: upperRows * layout.upperStride * 4)
    var layers: [LayerView] = []
    var start = 0
    for (level, count) in layout.levelCounts.enumerated() {
      let memory = level == 0 ? base : upper
      guard let address = memory.baseAddress else { continue }
      let stride = level == 0 ? layout.baseStride : layout.upperStride
      let rows = (address + start).assumingMemoryBound(to: UInt32.self)
      layers.append(
        LayerView(
          rows: rows, stride: stride, degree: level == 0 ? layout.baseDegree : layout.m,
          count: UInt32(count)))
      if level > 0 { start += count * stride * 4 }
    }
    return layers
  }

  /// Starting points beyond the first; what names no node is left out.
  private static func entries(_ sections: IndexSections, _ layout: IndexLayout) -> [UInt32] {
    guard layout.m != 0, let section = sections.section(.entries) else { return [] }
    return (0..<min(section.count / 4, 4096)).compactMap { index in
      let entry = UInt32(
        littleEndian: section.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
      return Int(entry) < layout.nodeCount ? entry : nil
    }
  }

  private static func duplicates(
    _ sections: IndexSections, _ layout: IndexLayout, _ count: Int
  ) throws(StoreError) -> DuplicateView? {
    guard layout.m != 0, layout.nodeCount < count else { return nil }
    let offsets = try sections.require(.duplicates, bytes: (layout.nodeCount + 1) * 4)
    guard let base = offsets.baseAddress else { return nil }
    return DuplicateView(
      offsets: base.assumingMemoryBound(to: UInt32.self), nodeCount: layout.nodeCount,
      rowCount: count)
  }
}
