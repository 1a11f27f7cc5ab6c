import StorageIO
import VectorMath

/// Has a registered kind build its index. Rows stay in the order of DocIDs, so that they are what the kind was
/// given; the vectors are all in memory meanwhile.
final class CustomBuild: KindBuild, @unchecked Sendable {
  // Sendable: `look` writes disjoint vectors, all else is called by one thread.

  private let engine: any CustomEngine
  private let parameters: CustomParameters
  private let builder: SegmentBuilder
  private let originals: AnonymousMemory
  private var bytes: [UInt8] = []

  /// - Throws: `notSupported` where the kind is not registered.
  init(_ parameters: CustomParameters, _ builder: SegmentBuilder, count: Int) throws(StoreError) {
    guard let engine = builder.engines[parameters.name] else {
      throw StoreError(
        .notSupported, "the index kind \"\(parameters.name)\" is not registered",
        remedy: "Open the store with it in StoreOptions.indexKinds, or choose another kind")
    }
    self.engine = engine
    self.parameters = parameters
    self.builder = builder
    originals = try AnonymousMemory(
      count: count * builder.dimensions * 4, purpose: "the vectors of an index of its own kind")
  }

  func look(at vectors: UnsafePointer<Float>, wordsPerVector: Int, places: ArraySlice<Int>) {
    let dimensions = builder.dimensions
    let target = originals.base.assumingMemoryBound(to: Float.self)
    for (index, place) in places.enumerated() {
      (target + place * dimensions).update(
        from: vectors + index * wordsPerVector, count: dimensions)
    }
  }

  func finish(_ rows: EncodedRows, kept: [UInt32]?) throws(StoreError) -> [UInt32] {
    let dimensions = builder.dimensions
    let source = originals.base.assumingMemoryBound(to: Float.self)
    var values: [Float] = []
    values.reserveCapacity(rows.count * dimensions)
    for row in 0..<rows.count {
      let place = kept.map { Int($0[row]) } ?? row
      values.append(
        contentsOf: UnsafeBufferPointer(start: source + place * dimensions, count: dimensions))
    }
    let shape = CustomShape(
      count: rows.count, dimensions: dimensions, metric: builder.metric,
      settings: parameters.settings)
    bytes = try engine.build(
      CustomInput(shape: shape, values: values, isCancelled: builder.isCancelled))
    if builder.isCancelled() {
      throw StoreError(.cancelled, "building the segment was cancelled")
    }
    return Array(0..<UInt32(rows.count))
  }

  func write(_ segment: BuiltSegment, to sink: any SectionSink) throws(StoreError) {
    try segment.section(sink, .kind) { buffer throws(StoreError) in
      try buffer.append(CustomRecord.serialized(parameters))
    }
    try segment.section(sink, .custom) { buffer throws(StoreError) in try buffer.append(bytes) }
  }
}
