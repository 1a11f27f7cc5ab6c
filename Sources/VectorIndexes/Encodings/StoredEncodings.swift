import StorageIO
import Synchronization
import VectorMath

/// Makes and opens the encodings whose rows are only searched, never linked: every kind but float32, int8 and
/// packed bits. Whoever adds a kind adds it here.
enum StoredEncodings {
  /// Chooses the encoding for a source's vectors; `nil` for float32, int8 and bits, and where so many vectors have
  /// vanished meanwhile that a codebook cannot be trained on the rest.
  static func train(
    _ plan: EncodingPlan, _ source: any VectorSource, metric: Metric, dimensions: Int,
    team: ThreadTeam, isCancelled: @escaping @Sendable () -> Bool,
    checkCancelled: () throws(StoreError) -> Void
  ) throws(StoreError) -> (any RowEncoding)? {
    func center(_ limit: Int) throws(StoreError) -> [Float]? {
      var trainer = CenterTrainer(metric: metric, dimensions: dimensions)
      try source.read(
        at: TrainingSample.draw(limit, of: source.docIDs.count, seed: centerSeed),
        checkCancelled: checkCancelled, into: { trainer.add($0) })
      return trainer.center
    }
    let made: (any RowEncoding)?
    switch plan {
    case .float32, .int8, .bits: return nil
    case .float16: made = HalfEncoding(metric: metric, dimensions: dimensions)
    case .int4(let limit):
      made =
        if metric == .manhattan {
          NibbleQuantizer(map: try map(source, dimensions, limit, checkCancelled))
        } else {
          try nibbles(source, metric, dimensions, limit, checkCancelled)
        }
    case .binary:
      made = BinaryEncoding(
        metric: metric, dimensions: dimensions, center: try center(centerSample))
    case .rabitq(let bits, let seed):
      made = RaBitQEncoding(
        metric: metric, dimensions: dimensions, bits: bits, seed: seed,
        center: try center(centerSample))
    case .pq(let product):
      let sample = try TrainingSample(
        source, dimensions: dimensions, limit: product.trainingLimit, seed: product.seed,
        least: plan.leastRows, checkCancelled: checkCancelled)
      guard sample.count >= min(plan.leastRows, product.trainingLimit) else { return nil }
      let trained = train(product, sample, metric, team, isCancelled)
      try checkCancelled()
      guard let trained else { throw StoreError(.cancelled, "training was cancelled") }
      switch trained {
      case .success(let quantizer): made = quantizer
      case .failure(let failure): throw EncodingPlan.error(plan, dimensions, failure)
      }
    }
    guard let made else {
      throw StoreError(
        .internalError, "\(plan) cannot be made of \(dimensions) dimensions under \(metric)")
    }
    return made
  }

  /// Rows that decide where the centre is, of encodings that need no training beside.
  private static let centerSample = 16_384
  /// Draws these rows; it is no part of any configuration.
  private static let centerSeed: UInt64 = 0x6365_6E74

  /// The one map of all components that 4-bit codes have under manhattan.
  private static func map(
    _ source: any VectorSource, _ dimensions: Int, _ limit: Int,
    _ checkCancelled: () throws(StoreError) -> Void
  ) throws(StoreError) -> ScalarQuantizer {
    var calibrator = ScalarQuantizerCalibrator(metric: .manhattan, dimensions: dimensions)
    try source.read(
      at: TrainingSample.draw(limit, of: source.docIDs.count, seed: centerSeed),
      checkCancelled: checkCancelled, into: { calibrator.add($0) })
    return calibrator.quantizer()
  }

  /// The codes of 4 bits under the other metrics.
  private static func nibbles(
    _ source: any VectorSource, _ metric: Metric, _ dimensions: Int, _ limit: Int,
    _ checkCancelled: () throws(StoreError) -> Void
  ) throws(StoreError) -> NibbleQuantizer? {
    let positions = TrainingSample.draw(limit, of: source.docIDs.count, seed: centerSeed)
    var trainer = NibbleTrainer(
      metric: metric, dimensions: dimensions, expected: positions.count)
    try source.read(
      at: positions, checkCancelled: checkCancelled, into: { trainer.add($0) })
    return trainer.quantizer()
  }

  /// `nil` once it was cancelled: what came of it has gaps.
  private static func train(
    _ plan: ProductPlan, _ sample: TrainingSample, _ metric: Metric, _ team: ThreadTeam,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) -> Result<ProductQuantizer, ProductQuantizerFailure>? {
    let cancellation = Cancellation()
    let trained: Result<ProductQuantizer, ProductQuantizerFailure> = sample.values
      .withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else {
          return .failure(.samples(0, needed: plan.centroids))
        }
        return ProductQuantizer.train(
          samples: base, count: sample.count, stride: sample.dimensions, metric: metric,
          dimensions: sample.dimensions, subvectors: plan.subvectors, centroids: plan.centroids,
          encoder: plan.encoder, seed: plan.seed,
          parallel: { count, body in
            team.forEachChunk(of: count, size: 1) { worker, range in
              // Worker 0 is the caller's thread, the only one that may ask.
              if worker == 0, isCancelled() { cancellation.isSet.store(true, ordering: .relaxed) }
              if cancellation.isSet.load(ordering: .relaxed) { return }
              for index in range { body(index) }
            }
          })
      }
    return cancellation.isSet.load(ordering: .relaxed) ? nil : trained
  }

  private final class Cancellation: Sendable { let isSet = Atomic<Bool>(false) }

  /// The encoding that a segment's bytes describe; `nil` unless `make` could have written them.
  static func open(
    _ plan: EncodingPlan, _ bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int
  ) -> (any RowEncoding)? {
    switch plan {
    case .float32, .int8, .bits: return nil
    case .pq(let plan):
      let found = ProductQuantizer(bytes: bytes, metric: metric, dimensions: dimensions)
      guard let found, found.subvectors == plan.subvectors, found.centroids == plan.centroids,
        found.encoder == plan.encoder
      else { return nil }
      return found
    case .float16: return HalfEncoding(bytes: bytes, metric: metric, dimensions: dimensions)
    case .int4: return NibbleQuantizer(bytes: bytes, metric: metric, dimensions: dimensions)
    case .binary: return BinaryEncoding(bytes: bytes, metric: metric, dimensions: dimensions)
    case .rabitq(let bits, let seed):
      let found = RaBitQEncoding(bytes: bytes, metric: metric, dimensions: dimensions)
      return found?.bits == bits && found?.seed == seed ? found : nil
    }
  }
}
