import ObjectStorage

/// The object `sq`: one byte for each component.
struct WeaviateSQ: Hashable, Sendable {
  var enabled = false
  var trainingLimit = ScalarConfiguration.defaultTrainingLimit
  var rescoreLimit = ScalarConfiguration.defaultRescoreLimit

  static let keys = ["enabled", "trainingLimit", "rescoreLimit"]

  init() {}

  init(enabled: Bool, trainingLimit: Int, rescoreLimit: Int) {
    self.enabled = enabled
    self.trainingLimit = trainingLimit
    self.rescoreLimit = rescoreLimit
  }

  init(_ reader: WeaviateReader) {
    enabled = reader.flag("enabled", enabled)
    trainingLimit = reader.whole(
      "trainingLimit", trainingLimit, in: ConfigurationLimits.training)
    rescoreLimit = reader.whole("rescoreLimit", rescoreLimit, in: ConfigurationLimits.rescoring)
  }

  var members: [String: PropertyValue] {
    [
      "enabled": .bool(enabled), "trainingLimit": .int(Int64(trainingLimit)),
      "rescoreLimit": .int(Int64(rescoreLimit)),
    ]
  }
}

/// The object `bq` under `hnsw`: one bit for each component. All candidates are rescored.
struct WeaviateBQ: Hashable, Sendable {
  var enabled = false

  /// `rescoreLimit` is taken and dropped, as everywhere under `hnsw`.
  static let keys = ["enabled", "rescoreLimit"]

  init() {}

  init(_ reader: WeaviateReader) {
    enabled = reader.flag("enabled", enabled)
    _ = reader.whole("rescoreLimit", 0)
  }

  var members: [String: PropertyValue] { ["enabled": .bool(enabled)] }
}

/// The object `rq` under `hnsw`: rotated vectors of 8, 4 or 1 bits for each component.
struct WeaviateRQ: Hashable, Sendable {
  var enabled = false
  var bits = 8
  var rescoreLimit = 20

  static let keys = ["enabled", "bits", "rescoreLimit"]

  init() {}

  init(enabled: Bool, bits: Int, rescoreLimit: Int) {
    self.enabled = enabled
    self.bits = bits
    self.rescoreLimit = rescoreLimit
  }

  init(_ reader: WeaviateReader) {
    enabled = reader.flag("enabled", enabled)
    bits = reader.whole("bits", bits)
    if ![8, 4, 1].contains(bits) {
      reader.problems.add("RQ bits must be 8, 4 or 1, not \(bits)")
    }
    rescoreLimit = reader.whole(
      "rescoreLimit", bits == 1 ? 512 : rescoreLimit, in: ConfigurationLimits.rescoring)
  }

  var members: [String: PropertyValue] {
    [
      "enabled": .bool(enabled), "bits": .int(Int64(bits)),
      "rescoreLimit": .int(Int64(rescoreLimit)),
    ]
  }
}
