import StorageIO
import Synchronization
import VectorMath

extension SegmentBuilder {
  /// Rows looked at to choose the codes that a graph is built on, where the segment stores others.
  private static let sampleSize = 16_384
  /// Bytes of originals that are encoded at once.
  private static let blockBytes = 4 << 20

  func checkCancelled() throws(StoreError) {
    if isCancelled() { throw StoreError(.cancelled, "building the segment was cancelled") }
  }

  /// Chooses the encoding of the segment's rows from a random sample; `nil` for float32 and int8.
  func train(
    _ source: any VectorSource, _ state: inout BuildState
  ) throws(StoreError) -> (any RowEncoding)? {
    progress(0, .calibrating)
    let trained = try StoredEncodings.train(
      encoding, source, metric: metric, dimensions: dimensions, team: ThreadTeam(count: threads),
      isCancelled: isCancelled, checkCancelled: { () throws(StoreError) in try checkCancelled() })
    state.end("calibrating")
    return trained
  }

  /// How rows are compared with each other: as the segment stores them, or else by int8 codes. Some kinds compare
  /// none.
  func codec(
    _ source: any VectorSource, _ stored: RowCodec?, _ state: inout BuildState
  ) throws(StoreError) -> RowCodec {
    if let stored, !kind.comparesRows { return stored }
    switch encoding {
    case .float32: return .float32(metric: metric, dimensions: dimensions)
    case .bits: return .bits(dimensions: dimensions)
    case .int8(let limit):
      return .int8(try calibrate(source, limit, &state), hasResiduals: true)
    default:
      return .int8(try calibrate(source, Self.sampleSize, &state), hasResiduals: false)
    }
  }

  /// Chooses int8 codes from `limit` evenly spread rows at most.
  func calibrate(
    _ source: any VectorSource, _ limit: Int, _ state: inout BuildState
  ) throws(StoreError) -> ScalarQuantizer {
    var calibrator = ScalarQuantizerCalibrator(metric: metric, dimensions: dimensions)
    let count = source.docIDs.count
    let samples = min(count, limit)
    try source.read(
      at: (0..<samples).map { $0 * count / samples },
      checkCancelled: { () throws(StoreError) in try checkCancelled() },
      into: { calibrator.add($0) })
    state.end("calibrating")
    return calibrator.quantizer()
  }

  /// Reads and encodes all originals. Rows of a graph are put in order of insertion: level descending,
  /// then at random.
  func encode(
    _ source: any VectorSource, _ codec: RowCodec, _ stored: RowCodec?, _ plan: GraphPlan?,
    _ kindBuild: (any KindBuild)?, _ state: inout BuildState
  ) throws(StoreError) -> EncodedRows {
    let docIDs = source.docIDs
    let places = plan.map { Self.insertionPlaces(docIDs, $0.parameters) }
    var ordered = docIDs
    if let places {
      for (position, place) in places.enumerated() { ordered[Int(place)] = docIDs[position] }
    }
    let rows = try EncodedRows(codec: codec, stored: stored, docIDs: ordered)
    let missing = try encode(
      source, into: rows, kindBuild, &state, upTo: plan == nil ? 0.9 : 0.1
    ) { position in
      places.map { Int($0[position]) } ?? position
    }
    state.report.vanished = missing.count
    if !missing.isEmpty {
      var gone = [Bool](repeating: false, count: docIDs.count)
      for place in missing { gone[place] = true }
      let kept = (0..<UInt32(docIDs.count)).filter { !gone[Int($0)] }
      try rows.keep(kept)
      state.kept = kept
    }
    state.report.rows = rows.count
    state.end("encoding")
    return rows
  }

  /// Reads and encodes all originals, each to its place; returns the places of those that have vanished.
  func encode(
    _ source: any VectorSource, into rows: EncodedRows, _ kindBuild: (any KindBuild)?,
    _ state: inout BuildState, upTo share: Double, place: (Int) -> Int
  ) throws(StoreError) -> [Int] {
    let docIDs = source.docIDs
    var encoder = BlockEncoder(
      rows: rows, team: ThreadTeam(count: threads),
      blockRows: max(1, Self.blockBytes / rows.codec.vectorBytes), kindBuild: kindBuild)
    var missing: [Int] = []
    var start = 0
    var hash = state.hash
    while start < docIDs.count {
      try checkCancelled()
      progress(0.01 + (share - 0.01) * Double(start) / Double(docIDs.count), .encoding)
      let end = min(start + encoder.blockRows, docIDs.count)
      try source.readBytes(start..<end) { position, vector throws(StoreError) in
        let place = place(position)
        guard let vector else { return missing.append(place) }
        hash.update(docIDs[position])
        hash.update(UnsafeRawBufferPointer(start: vector, count: rows.codec.vectorBytes))
        encoder.add(vector, place: place)
      }
      encoder.flush()
      start = end
    }
    state.hash = hash
    state.hasClipped = encoder.clipped
    state.report.reproducesOriginals = encoder.exact
    return missing
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
