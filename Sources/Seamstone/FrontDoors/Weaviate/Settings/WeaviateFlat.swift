import ObjectStorage
import VectorMath

/// The `vectorIndexConfig` of the index type `flat`.
struct WeaviateFlat: Hashable, Sendable {
  /// The object `bq` or `rq`: codes that are scanned before vectors are compared.
  struct Quantizer: Hashable, Sendable {
    var enabled = false
    var rescoreLimit = -1
    var cache = false
    /// Bits for each component; nil where there is no choice.
    var bits: Int?

    func members() -> [String: PropertyValue] {
      var members: [String: PropertyValue] = [
        "enabled": .bool(enabled), "rescoreLimit": .int(Int64(rescoreLimit)),
        "cache": .bool(cache),
      ]
      if let bits { members["bits"] = .int(Int64(bits)) }
      return members
    }

    /// The limit as encodings take it: as many as results are asked for is all that are found.
    var limit: Int? { rescoreLimit < 1 ? nil : rescoreLimit }
  }

  var distance = Metric.cosine
  var vectorCacheMaxObjects = WeaviateHNSW.usualCacheSize
  var bq = Quantizer()
  var rq = Quantizer(bits: 8)

  static let keys = ["distance", "vectorCacheMaxObjects"] + WeaviateCompression.keys

  init() {}

  /// - Parameter distance: What holds if the object does not say it.
  init(_ reader: SettingsReader, distance usual: Metric = .cosine) {
    distance = reader.distance(usual)
    vectorCacheMaxObjects = reader.whole(
      "vectorCacheMaxObjects", vectorCacheMaxObjects, clamps: true)
    bq = Self.quantizer("bq", bq, reader)
    rq = Self.quantizer("rq", rq, reader)
    if let bits = rq.bits, bits != 8, bits != 1 {
      reader.problems.add("RQ bits must be either 1 or 8, not \(bits)")
    }
    for name in ["pq", "sq"]
    where Self.quantizer(name, Quantizer(), reader).enabled {
      reader.problems.add("\(name.uppercased()) is not currently supported for flat indices")
    }
    if bq.enabled, rq.enabled {
      reader.problems.add("cannot enable multiple quantization methods at the same time")
    }
  }

  private static func quantizer(
    _ name: String, _ usual: Quantizer, _ reader: SettingsReader
  ) -> Quantizer {
    let known = ["enabled", "rescoreLimit", "cache"] + (usual.bits == nil ? [] : ["bits"])
    let reader = reader.reader(name, known: known)
    var quantizer = usual
    quantizer.enabled = reader.flag("enabled", usual.enabled)
    quantizer.rescoreLimit = reader.whole(
      "rescoreLimit", usual.rescoreLimit, in: -1...ConfigurationLimits.rescoring.upperBound)
    quantizer.cache = reader.flag("cache", usual.cache)
    if let bits = usual.bits { quantizer.bits = reader.whole("bits", bits) }
    if quantizer.cache, !quantizer.enabled {
      reader.problems.add("\(name): not possible to use the cache without compression")
    }
    return quantizer
  }

  var members: [String: PropertyValue] {
    [
      "distance": .string(distance.rawValue),
      "vectorCacheMaxObjects": .int(Int64(vectorCacheMaxObjects)),
      "bq": .object(bq.members()), "rq": .object(rq.members()),
      "pq": .object(Quantizer().members()), "sq": .object(Quantizer().members()),
    ]
  }

  /// What is wrong with a change of this from `old`.
  func check(changedFrom old: WeaviateFlat, _ problems: SettingsProblems) {
    problems.requireSame("distance", old.distance, distance) { $0.rawValue }
    problems.requireSame("bq", old.bq.enabled, bq.enabled)
    problems.requireSame("rq", old.rq.enabled, rq.enabled)
    if let before = old.rq.bits, let after = rq.bits {
      problems.requireSame("rq.bits", before, after)
    }
  }

  /// The encoding asked for; nil where nothing is enabled.
  var encoding: VectorEncoding? {
    if bq.enabled { return .binary(rescoreLimit: bq.limit) }
    if rq.enabled { return .rabitq(bits: rq.bits ?? 8, rescoreLimit: rq.limit) }
    return nil
  }

  /// Follows an encoding that was set without a class; what has no name here is like none.
  mutating func adopt(_ encoding: VectorEncoding) {
    guard encoding != self.encoding else { return }
    bq.enabled = false
    bq.cache = false
    rq.enabled = false
    rq.cache = false
    switch encoding {
    case .binary(let binary):
      bq = Quantizer(enabled: true, rescoreLimit: binary.rescoreLimit ?? -1)
    case .rabitq(let rotated) where rotated.bits != 4:
      rq = Quantizer(
        enabled: true, rescoreLimit: rotated.rescoreLimit ?? -1, bits: rotated.bits)
    default: break
    }
  }

  /// What was said and has no effect.
  var notes: [String] {
    var notes: [String] = []
    if vectorCacheMaxObjects != WeaviateHNSW.usualCacheSize { notes.append(WeaviateNote.cache) }
    for (name, quantizer) in [("bq", bq), ("rq", rq)] where quantizer.cache {
      notes.append("\(name).cache has no effect: codes are mapped, and the page cache holds them")
    }
    return notes
  }
}
