import StorageIO
import VectorMath

/// Makes and opens the encodings whose rows are only searched, never linked: every kind but float32 and
/// int8. Whoever adds a kind adds it here.
enum StoredEncodings {
  /// Chooses the encoding for a source's vectors; `nil` for float32 and int8.
  static func train(
    _ plan: EncodingPlan, _ source: any VectorSource, metric: Metric, dimensions: Int,
    team: ThreadTeam, checkCancelled: () throws(StoreError) -> Void
  ) throws(StoreError) -> (any RowEncoding)? {
    switch plan {
    case .float32, .int8: return nil
    case .pq(let product):
      let sample = try TrainingSample(
        source, dimensions: dimensions, limit: product.trainingLimit, seed: product.seed,
        checkCancelled: checkCancelled)
      return try train(product, sample, metric, team)
    default: throw StoreError(.invalidConfiguration, "\(plan) is not here yet")
    }
  }

  private static func train(
    _ plan: ProductPlan, _ sample: TrainingSample, _ metric: Metric, _ team: ThreadTeam
  ) throws(StoreError) -> any RowEncoding {
    let result: Result<ProductQuantizer, ProductQuantizerFailure> =
      sample.values.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else {
          return .failure(.samples(0, needed: plan.centroids))
        }
        return ProductQuantizer.train(
          samples: base, count: sample.count, stride: sample.dimensions, metric: metric,
          dimensions: sample.dimensions, subvectors: plan.subvectors, centroids: plan.centroids,
          encoder: plan.encoder, seed: plan.seed,
          parallel: { count, body in
            team.forEachChunk(of: count, size: 1) { _, range in
              for index in range { body(index) }
            }
          })
      }
    switch result {
    case .success(let quantizer): return quantizer
    case .failure(let failure):
      throw EncodingPlan.error(.pq(plan), sample.dimensions, failure)
    }
  }

  /// The encoding that a segment's bytes describe; `nil` unless `make` could have written them.
  static func open(
    _ plan: EncodingPlan, _ bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int
  ) -> (any RowEncoding)? {
    switch plan {
    case .float32, .int8: return nil
    case .pq(let plan):
      let found = ProductQuantizer(bytes: bytes, metric: metric, dimensions: dimensions)
      guard let found, found.subvectors == plan.subvectors, found.centroids == plan.centroids,
        found.encoder == plan.encoder
      else { return nil }
      return found
    default: return nil
    }
  }
}
