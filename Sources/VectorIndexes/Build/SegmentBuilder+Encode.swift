import StorageIO
import Synchronization
import VectorMath

extension SegmentBuilder {
  /// Rows looked at to choose the codes.
  private static let sampleSize = 16_384
  /// Bytes of originals that are encoded at once.
  private static let blockBytes = 4 << 20

  func checkCancelled() throws(StoreError) {
    if isCancelled() { throw StoreError(.cancelled, "building the segment was cancelled") }
  }

  /// Chooses the codes from evenly spread rows; `nil` for float32.
  func calibrate(
    _ source: any VectorSource, _ state: inout BuildState
  ) throws(StoreError) -> ScalarQuantizer? {
    guard encoding == .int8 else { return nil }
    progress(0, .calibrating)
    var calibrator = ScalarQuantizerCalibrator(metric: metric, dimensions: dimensions)
    let count = source.docIDs.count
    let samples = min(count, Self.sampleSize)
    for sample in 0..<samples {
      if sample % 1024 == 0 { try checkCancelled() }
      let position = sample * count / samples
      try source.read(position..<position + 1) { _, vector throws(StoreError) in
        if let vector { calibrator.add(vector) }
      }
    }
    state.end("calibrating")
    return calibrator.quantizer()
  }

  /// Reads and encodes all originals. Rows of a graph are put in order of insertion: level descending,
  /// then at random.
  func encode(
    _ source: any VectorSource, _ codec: RowCodec, _ plan: GraphPlan?, _ state: inout BuildState
  ) throws(StoreError) -> EncodedRows {
    let docIDs = source.docIDs
    let places = plan.map { Self.insertionPlaces(docIDs, $0.parameters) }
    var ordered = docIDs
    if let places {
      for (position, place) in places.enumerated() { ordered[Int(place)] = docIDs[position] }
    }
    let rows = try EncodedRows(codec: codec, docIDs: ordered)
    var encoder = BlockEncoder(
      rows: rows, team: ThreadTeam(count: threads),
      blockRows: max(1, Self.blockBytes / (dimensions * 4)))
    var missing: [Int] = []
    var start = 0
    var hash = state.hash
    while start < docIDs.count {
      try checkCancelled()
      progress(0.01 + 0.09 * Double(start) / Double(docIDs.count), .encoding)
      let end = min(start + encoder.blockRows, docIDs.count)
      try source.read(start..<end) { position, vector throws(StoreError) in
        let place = places.map { Int($0[position]) } ?? position
        guard let vector else { return missing.append(place) }
        hash.update(docIDs[position])
        hash.update(UnsafeRawBufferPointer(start: vector, count: dimensions * 4))
        encoder.add(vector, place: place)
      }
      encoder.flush()
      start = end
    }
    state.hash = hash
    state.hasClipped = encoder.clipped
    state.report.vanished = missing.count
    state.report.reproducesOriginals = encoder.exact
    if !missing.isEmpty {
      var gone = [Bool](repeating: false, count: docIDs.count)
      for place in missing { gone[place] = true }
      try rows.keep((0..<UInt32(docIDs.count)).filter { !gone[Int($0)] })
    }
    state.report.rows = rows.count
    state.end("encoding")
    return rows
  }

  /// For each position its place in the order of insertion.
  private static func insertionPlaces(
    _ docIDs: [UInt64], _ parameters: HNSWParameters
  ) -> [UInt32] {
    let levels = NodeLevels(seed: parameters.seed, m: parameters.m)
    var keys = docIDs.enumerated().map { position, docID in
      let level = UInt64(NodeLevels.maxLevel - levels.level(of: docID))
      return InsertionKey(
        key: level << 60 | levels.priority(of: docID) >> 4, position: UInt32(position))
    }
    keys.sort { $0.key != $1.key ? $0.key < $1.key : $0.position < $1.position }
    var places = [UInt32](repeating: 0, count: docIDs.count)
    for (place, key) in keys.enumerated() { places[Int(key.position)] = UInt32(place) }
    return places
  }

  private struct InsertionKey {
    let key: UInt64
    let position: UInt32
  }
}
