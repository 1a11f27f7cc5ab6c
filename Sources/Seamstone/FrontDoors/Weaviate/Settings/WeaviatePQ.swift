import ObjectStorage

/// The object `pq`: product quantisation. Its segments are subvectors everywhere else.
struct WeaviatePQ: Hashable, Sendable {
  enum Encoder: String, CaseIterable { case kmeans, tile }

  var enabled = false
  var segments = 0
  var centroids = ProductConfiguration.defaultCentroids
  var trainingLimit = ProductConfiguration.defaultTrainingLimit
  var encoder = Encoder.kmeans
  var distribution = ProductConfiguration.Distribution.logNormal
  var bitCompression = false

  static let keys = [
    "enabled", "segments", "centroids", "trainingLimit", "encoder", "bitCompression",
  ]

  init() {}

  init(_ reader: SettingsReader) {
    enabled = reader.flag("enabled", enabled)
    segments = reader.whole("segments", segments)
    if segments < 0 { reader.problems.add("pq segments must be non-negative, not \(segments)") }
    centroids = reader.whole("centroids", centroids)
    if centroids > 256 {
      reader.problems.add(
        "centroids should not be higher than 256. Attempting to use \(centroids)")
    } else if centroids < 2 {
      reader.problems.add("pq.centroids is \(centroids); it must be 2 to 256")
    }
    trainingLimit = reader.whole(
      "trainingLimit", trainingLimit, in: ConfigurationLimits.training)
    if trainingLimit < centroids {
      reader.problems.add(
        "pq.trainingLimit is \(trainingLimit), less than the \(centroids) centroids: not enough data to "
          + "fit k-means")
    }
    let parts = reader.reader("encoder", known: ["type", "distribution"])
    encoder = parts.name("type", encoder) { "invalid encoder type \($0)" }
    distribution = parts.name("distribution", distribution) { "invalid encoder distribution \($0)" }
    if encoder == .tile, centroids > 0, centroids & (centroids - 1) != 0 {
      reader.problems.add("pq.centroids is \(centroids); the encoder tile needs a power of two")
    }
    bitCompression = reader.flag("bitCompression", bitCompression)
  }

  var members: [String: PropertyValue] {
    [
      "enabled": .bool(enabled), "segments": .int(Int64(segments)),
      "centroids": .int(Int64(centroids)), "trainingLimit": .int(Int64(trainingLimit)),
      "encoder": .object([
        "type": .string(encoder.rawValue), "distribution": .string(distribution.rawValue),
      ]),
      "bitCompression": .bool(bitCompression),
    ]
  }

  var encoding: VectorEncoding {
    .pq(
      subvectors: segments, centroids: centroids, trainingLimit: trainingLimit,
      encoder: encoder == .tile ? .tile(distribution) : .kmeans)
  }

  mutating func adopt(_ product: ProductConfiguration) {
    enabled = true
    segments = product.subvectors
    centroids = product.centroids
    trainingLimit = product.trainingLimit
    switch product.encoder {
    case .kmeans: encoder = .kmeans
    case .tile(let fitted):
      encoder = .tile
      distribution = fitted
    }
  }

  /// What does not go with the length of the vectors, once it is known.
  func problem(dimensions: Int?) -> String? {
    guard enabled, segments > 0, let dimensions else { return nil }
    if dimensions % segments != 0 {
      return "pq segments must be a divisor of the vector dimensions: \(segments) does not divide "
        + "\(dimensions)"
    }
    if encoder == .tile, segments != dimensions {
      return "pq.segments is \(segments); the encoder tile needs one for each of the \(dimensions) "
        + "dimensions (0 means that)"
    }
    return nil
  }
}
