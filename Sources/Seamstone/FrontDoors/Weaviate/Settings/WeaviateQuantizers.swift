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

  init(_ reader: SettingsReader) {
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

  /// What was said, if it was: it has no effect under `hnsw`.
  var rescoreLimit: Int?

  static let keys = ["enabled", "rescoreLimit"]

  init() {}

  init(_ reader: SettingsReader) {
    enabled = reader.flag("enabled", enabled)
    if reader.value("rescoreLimit") != nil { rescoreLimit = reader.whole("rescoreLimit", 0) }
  }

  var members: [String: PropertyValue] {
    var members: [String: PropertyValue] = ["enabled": .bool(enabled)]
    if let rescoreLimit { members["rescoreLimit"] = .int(Int64(rescoreLimit)) }
    return members
  }
}

/// The object `rq` under `hnsw`: rotated vectors of 8, 4 or 1 bits for each component.
struct WeaviateRQ: Sendable {
  var enabled = false
  var bits = 8
  /// nil where nothing was said: it then follows ``bits``.
  var namedRescoreLimit: Int?
  var rescoreLimit: Int { namedRescoreLimit ?? (bits == 1 ? 512 : 20) }

  static let keys = ["enabled", "bits", "rescoreLimit"]

  init() {}

  init(enabled: Bool, bits: Int, rescoreLimit: Int) {
    self.enabled = enabled
    self.bits = bits
    namedRescoreLimit = rescoreLimit
  }

  init(_ reader: SettingsReader) {
    enabled = reader.flag("enabled", enabled)
    bits = reader.whole("bits", bits)
    if ![8, 4, 1].contains(bits) {
      reader.problems.add("RQ bits must be 8, 4 or 1, not \(bits)")
    }
    if reader.value("rescoreLimit") != nil {
      namedRescoreLimit = reader.whole(
        "rescoreLimit", rescoreLimit, in: ConfigurationLimits.rescoring)
    }
  }

  var members: [String: PropertyValue] {
    [
      "enabled": .bool(enabled), "bits": .int(Int64(bits)),
      "rescoreLimit": .int(Int64(rescoreLimit)),
    ]
  }
}

/// What is the same in effect is the same, whether it was said or not.
extension WeaviateRQ: Hashable {
  static func == (one: WeaviateRQ, other: WeaviateRQ) -> Bool {
    (one.enabled, one.bits, one.rescoreLimit) == (other.enabled, other.bits, other.rescoreLimit)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(enabled)
    hasher.combine(bits)
    hasher.combine(rescoreLimit)
  }
}
