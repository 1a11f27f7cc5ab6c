import StorageIO
import VectorMath

extension EncodingPlan {
  /// Refuses what no rows can be made of, naming it.
  func validate(metric: Metric, dimensions: Int) throws(StoreError) {
    if self == .bits {
      guard metric == .hamming else {
        throw StoreError(
          .invalidConfiguration, "packed bits have no \(metric) distance", remedy: "Use hamming")
      }
      guard dimensions % 8 == 0 else {
        throw StoreError(
          .invalidConfiguration, "\(dimensions) bits do not fill whole bytes",
          remedy: "Use a multiple of 8")
      }
      return
    }
    if metric == .hamming, kind != .float32 {
      throw StoreError(
        .invalidConfiguration,
        "\(self) codes cannot tell unequal components, so hamming cannot use them",
        remedy: "Use float32")
    }
    switch self {
    case .float32, .float16, .bits: break
    case .int8(let limit), .int4(let limit): try validate(trainingLimit: limit, least: 1)
    case .pq(let plan):
      let failure = ProductQuantizer.failure(
        metric: metric, dimensions: dimensions, subvectors: plan.subvectors,
        centroids: plan.centroids, encoder: plan.encoder)
      if let failure { throw Self.error(self, dimensions, failure) }
      try validate(trainingLimit: plan.trainingLimit, least: plan.centroids)
    case .binary: try requireProducts(metric)
    case .rabitq(let bits, _):
      guard [1, 4, 8].contains(bits) else {
        throw StoreError(.invalidConfiguration, "\(bits) bits; rabitq has 1, 4 or 8")
      }
      try requireProducts(metric)
    }
  }

  /// Why there is no product quantiser, for the user.
  static func error(
    _ plan: EncodingPlan, _ dimensions: Int, _ failure: ProductQuantizerFailure
  ) -> StoreError {
    StoreError(
      .invalidConfiguration, "\(plan) cannot be made of \(dimensions) dimensions",
      cause: "\(failure)",
      remedy: "Use 2 to 256 centroids and as many subvectors as divide the dimensions; for tile a "
        + "power of two and one subvector for each dimension")
  }

  private func validate(trainingLimit: Int, least: Int) throws(StoreError) {
    guard trainingLimit >= least else {
      throw StoreError(
        .invalidConfiguration, "trainingLimit \(trainingLimit) is less than \(least)")
    }
  }

  private func requireProducts(_ metric: Metric) throws(StoreError) {
    guard metric != .manhattan else {
      throw StoreError(
        .invalidConfiguration,
        "\(self) codes estimate dot products, so manhattan cannot use them",
        remedy: "Use float16, int8, int4 or pq")
    }
  }
}
