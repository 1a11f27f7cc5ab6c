import ObjectStorage
import VectorMath

/// The `vectorIndexConfig` of the index type `hnsw`.
struct WeaviateHNSW: Hashable, Sendable {
  var distance = Metric.cosine
  var maxConnections = 32
  var efConstruction = 128
  var ef = -1
  var dynamicEfMin = 100
  var dynamicEfMax = 500
  var dynamicEfFactor = 8
  var filtering = FilterPlanning()
  var cleanupIntervalSeconds = WeaviateHNSW.usualCleanupInterval
  var vectorCacheMaxObjects = WeaviateHNSW.usualCacheSize
  var skip = false
  var compression = WeaviateCompression()
  /// Settings that are kept as they were given and mean nothing here.
  var kept: [String: PropertyValue] = [:]

  static let usualCleanupInterval = 300
  static let usualCacheSize = 1_000_000_000_000
  private static let keptFlags = ["skipDefaultQuantization", "trackDefaultQuantization"]
  static let keys =
    [
      "distance", "maxConnections", "efConstruction", "ef", "dynamicEfMin", "dynamicEfMax",
      "dynamicEfFactor", "flatSearchCutoff", "filterStrategy", "cleanupIntervalSeconds",
      "vectorCacheMaxObjects", "skip", "multivector",
    ] + WeaviateCompression.keys + keptFlags

  init() {}

  /// - Parameter distance: What holds if the object does not say it.
  init(_ reader: SettingsReader, distance usual: Metric = .cosine) {
    distance = reader.distance(usual)
    maxConnections = reader.whole(
      "maxConnections", maxConnections, in: 4...2047,
      rule: "a positive integer with minimum of 4, and must be less than 2048")
    efConstruction = reader.whole(
      "efConstruction", efConstruction, in: ConfigurationLimits.efConstruction,
      rule: "a positive integer with minimum of 4, and at most "
        + "\(ConfigurationLimits.efConstruction.upperBound)")
    readBeam(reader)
    filtering.flatSearchCutoff = reader.whole(
      "flatSearchCutoff", filtering.flatSearchCutoff, in: 0...Int.max, rule: "0 or more")
    filtering.strategy = reader.name("filterStrategy", filtering.strategy) {
      "filterStrategy must be either 'sweeping' or 'acorn', not '\($0)'"
    }
    cleanupIntervalSeconds = reader.whole("cleanupIntervalSeconds", cleanupIntervalSeconds)
    vectorCacheMaxObjects = reader.whole(
      "vectorCacheMaxObjects", vectorCacheMaxObjects, clamps: true)
    skip = reader.flag("skip", skip)
    compression = WeaviateCompression(reader)
    if let settings = reader.object("multivector") {
      kept["multivector"] = .object(settings)
      if settings["enabled"] == .bool(true) {
        reader.problems.add("multi vector index is not supported: an object has one vector")
      }
    }
    for name in Self.keptFlags where reader.value(name) != nil {
      kept[name] = .bool(reader.flag(name, false))
    }
  }

  private mutating func readBeam(_ reader: SettingsReader) {
    ef = reader.whole("ef", ef)
    if ef != -1, !ConfigurationLimits.beam.contains(ef) {
      let range = ConfigurationLimits.text(ConfigurationLimits.beam)
      reader.problems.add("ef is \(ef); it must be -1 (dynamic) or \(range)")
      ef = -1
    }
    dynamicEfMin = reader.whole("dynamicEfMin", dynamicEfMin, in: ConfigurationLimits.beam)
    dynamicEfMax = reader.whole("dynamicEfMax", dynamicEfMax, in: ConfigurationLimits.beam)
    dynamicEfFactor = reader.whole(
      "dynamicEfFactor", dynamicEfFactor, in: ConfigurationLimits.beamFactor)
    if dynamicEfMin > dynamicEfMax {
      reader.problems.add(
        "dynamicEfMin (\(dynamicEfMin)) is larger than dynamicEfMax (\(dynamicEfMax))")
    }
  }

  var members: [String: PropertyValue] {
    let own: [String: PropertyValue] = [
      "distance": .string(distance.rawValue), "maxConnections": .int(Int64(maxConnections)),
      "efConstruction": .int(Int64(efConstruction)), "ef": .int(Int64(ef)),
      "dynamicEfMin": .int(Int64(dynamicEfMin)), "dynamicEfMax": .int(Int64(dynamicEfMax)),
      "dynamicEfFactor": .int(Int64(dynamicEfFactor)),
      "flatSearchCutoff": .int(Int64(filtering.flatSearchCutoff)),
      "filterStrategy": .string(filtering.strategy.rawValue),
      "cleanupIntervalSeconds": .int(Int64(cleanupIntervalSeconds)),
      "vectorCacheMaxObjects": .int(Int64(vectorCacheMaxObjects)), "skip": .bool(skip),
    ]
    return own.merging(compression.members) { own, _ in own }.merging(kept) { own, _ in own }
  }

  /// What is wrong with a change of this from `old`.
  func check(changedFrom old: WeaviateHNSW, _ problems: SettingsProblems) {
    problems.requireSame("distance", old.distance, distance) { $0.rawValue }
    problems.requireSame("maxConnections", old.maxConnections, maxConnections)
    problems.requireSame("efConstruction", old.efConstruction, efConstruction)
    if old.skip, !skip {
      problems.add(
        "skip is immutable: attempted change from \"true\" to \"false\"; delete the class and re-create it"
      )
    } else {
      problems.requireSame("skip", old.skip, skip)
    }
    compression.check(changedFrom: old.compression, problems)
  }
}

extension WeaviateHNSW {
  /// The graph asked for.
  var graph: HNSWConfiguration {
    HNSWConfiguration(
      m: maxConnections, efConstruction: efConstruction,
      ef: ef == -1
        ? .dynamic(minimum: dynamicEfMin, maximum: dynamicEfMax, factor: dynamicEfFactor)
        : .fixed(ef))
  }

  /// Follows a graph that was changed without a class.
  mutating func adopt(_ graph: HNSWConfiguration) {
    maxConnections = graph.m
    efConstruction = graph.efConstruction
    switch graph.ef {
    case .fixed(let width): ef = width
    case .dynamic(let minimum, let maximum, let factor):
      (ef, dynamicEfMin, dynamicEfMax, dynamicEfFactor) = (-1, minimum, maximum, factor)
    }
  }

  /// What was said and has no effect.
  var notes: [String] {
    var notes = compression.notes
    if cleanupIntervalSeconds != Self.usualCleanupInterval {
      notes.append(
        "cleanupIntervalSeconds has no effect: deleted vectors are cleaned up by compaction, in the "
          + "background or by Collection.compact")
    }
    if vectorCacheMaxObjects != Self.usualCacheSize { notes.append(WeaviateNote.cache) }
    for name in kept.keys.sorted() { notes.append("\(name) has no effect") }
    return notes
  }
}

/// Notes that more than one kind of index has.
enum WeaviateNote {
  static let cache =
    "vectorCacheMaxObjects has no effect: indexes are mapped, and the page cache holds what is used"
}

extension SettingsReader {
  /// `distance`, checked here and not when the index is opened.
  func distance(_ usual: Metric) -> Metric {
    name("distance", usual) {
      "unrecognized distance metric \"\($0)\", must be one of "
        + Metric.allCases.map(\.rawValue).joined(separator: ", ")
    }
  }
}
