import StorageIO
import VectorMath

/// Puts rows into inverted lists: trains centroids, or takes those that the collection has, finds the nearest one
/// of each row while rows are encoded, and writes the rows list after list.
final class IVFBuild: KindBuild, @unchecked Sendable {
  // Sendable: `look` writes places of its own; everything else is done by one thread.

  private let builder: SegmentBuilder
  private let centroids: IVFCentroids
  private let centers: CodeCenters
  private let bytes: [UInt8]
  /// The list of each place, and the squared distance from its centroid in steps of the codes.
  private let assigned: ThreadResults<UInt32>
  private let distances: ThreadResults<UInt32>
  /// The first row of each list, and the number of rows.
  private var starts: [UInt32] = []
  /// The mean squared distance of each list's rows from its centroid.
  private var spreads: [Float] = []

  /// `nil` when the source has no rows any more.
  init?(
    _ builder: SegmentBuilder, _ parameters: IVFParameters, _ source: any VectorSource,
    _ state: inout BuildState
  ) throws(StoreError) {
    builder.progress(0, .calibrating)
    let known = builder.artifact.flatMap { artifact in
      artifact.bytes.withUnsafeBytes {
        IVFCentroids(
          bytes: $0, metric: builder.metric, dimensions: builder.dimensions,
          holdsBits: builder.encoding == .bits)
      }
    }
    let trainer = IVFTrainer(
      parameters: parameters, metric: builder.metric, dimensions: builder.dimensions,
      holdsBits: builder.encoding == .bits,
      team: ThreadTeam(count: builder.threads), isCancelled: builder.isCancelled)
    guard let found = try trainer.centroids(source, known: known) else { return nil }
    self.builder = builder
    centroids = found
    bytes = found.bytes
    centers = CodeCenters(
      rows: found.codes, stride: found.stride, dimensions: found.space.coarseDimensions)
    assigned = ThreadResults(source.docIDs.count)
    distances = ThreadResults(source.docIDs.count)
    bytes.withUnsafeBytes { state.hash.update($0) }
    state.end("training")
  }

  var artifact: SharedArtifact? {
    SharedArtifact(
      identifier: bytes.withUnsafeBytes { IVFCentroids.identifier(of: $0) }, bytes: bytes)
  }

  func look(at vectors: UnsafePointer<Float>, wordsPerVector: Int, places: ArraySlice<Int>) {
    var points = CodePoints(dimensions: centroids.space.coarseDimensions)
    let stride = points.stride
    points.codes = [UInt8](repeating: 0, count: places.count * stride)
    let encoder = CoarseSpace.Encoder(centroids.space)
    points.codes.withUnsafeMutableBufferPointer { codes in
      guard let base = codes.baseAddress else { return }
      for index in 0..<places.count {
        encoder.encode(vectors + index * wordsPerVector, into: base + index * stride)
      }
    }
    var found = [UInt32](repeating: 0, count: places.count)
    var nearest = [Int32](repeating: 0, count: places.count)
    points.codes.withUnsafeBufferPointer { codes in
      found.withUnsafeMutableBufferPointer { found in
        nearest.withUnsafeMutableBufferPointer { nearest in
          guard let base = codes.baseAddress, let lists = found.baseAddress,
            let values = nearest.baseAddress
          else { return }
          centers.nearest(
            points: base, stride: stride, count: places.count, found: lists, distances: values)
        }
      }
    }
    for (index, place) in places.enumerated() {
      assigned.base[place] = found[index]
      distances.base[place] = UInt32(clamping: Int64(nearest[index]) + points.square(index))
    }
  }

  func finish(_ rows: EncodedRows, kept: [UInt32]?) throws(StoreError) -> [UInt32] {
    let lists = centroids.count
    func place(_ row: Int) -> Int { kept.map { Int($0[row]) } ?? row }
    var members = [Int](repeating: 0, count: lists)
    var sums = [Double](repeating: 0, count: lists)
    for row in 0..<rows.count {
      let place = place(row)
      let list = Int(assigned.base[place])
      members[list] += 1
      sums[list] += Double(distances.base[place])
    }
    var next = 0
    starts = members.map { count in
      defer { next += count }
      return UInt32(next)
    }
    starts.append(UInt32(next))
    spreads = zip(sums, members).map { $1 > 0 ? Float($0 / Double($1)) : 0 }
    var places = starts
    var order = [UInt32](repeating: 0, count: rows.count)
    for row in 0..<rows.count {
      let list = Int(assigned.base[place(row)])
      order[Int(places[list])] = UInt32(row)
      places[list] += 1
    }
    return order
  }

  func write(_ segment: BuiltSegment, to sink: any SectionSink) throws(StoreError) {
    try segment.section(sink, .kind) { buffer throws(StoreError) in try buffer.append(bytes) }
    try segment.section(sink, .lists) { buffer throws(StoreError) in
      for start in starts { try buffer.append(start) }
      for start in IVFLists.blockStarts(starts) { try buffer.append(start) }
      for spread in spreads { try buffer.append(spread.bitPattern) }
    }
    try writeBlocks(segment, to: sink)
  }

  /// Rows with codes of four bits once more, in the blocks of a fast scan: each list begins one.
  private func writeBlocks(
    _ segment: BuiltSegment, to sink: any SectionSink
  ) throws(StoreError) {
    let written = segment.rows.written
    guard let quantizer = FastScanSection.quantizer(written.codec) else { return }
    let stride = segment.layout.rowStride
    var codes: [UInt8] = []
    try segment.section(sink, .blocks) { buffer throws(StoreError) in
      for list in 0..<centroids.count {
        let range = Int(starts[list])..<Int(starts[list + 1])
        codes.removeAll(keepingCapacity: true)
        for row in segment.order[range] {
          codes += UnsafeRawBufferPointer(
            start: written.rows.base + Int(row) * stride, count: stride)
        }
        let blocks = codes.withUnsafeBytes { rows in
          rows.baseAddress.flatMap {
            FastScanBlocks(quantizer: quantizer, rows: $0, stride: stride, count: range.count)
          }
        }
        if let blocks { try buffer.append(blocks.bytes) }
      }
    }
  }
}
