import ObjectStorage
import VectorMath

/// The `vectorIndexType` of a class with its `vectorIndexConfig`.
enum WeaviateIndexSettings: Hashable, Sendable {
  case hnsw(WeaviateHNSW)
  case flat(WeaviateFlat)
  case dynamic(WeaviateDynamic)
  /// A type that the caller registered, with its settings as they are.
  case custom(String, [String: PropertyValue])

  /// The types that every store knows.
  static let builtIn = ["hnsw", "flat", "dynamic"]

  /// Reads the settings of one of the built-in types; nil for another type.
  init?(type: String, _ members: [String: PropertyValue], _ problems: SettingsProblems) {
    switch type {
    case "hnsw":
      self = .hnsw(
        WeaviateHNSW(SettingsReader(members, known: WeaviateHNSW.keys, problems: problems)))
    case "flat":
      self = .flat(
        WeaviateFlat(SettingsReader(members, known: WeaviateFlat.keys, problems: problems)))
    case "dynamic":
      self = .dynamic(
        WeaviateDynamic(SettingsReader(members, known: WeaviateDynamic.keys, problems: problems)))
    default: return nil
    }
  }

  var type: String {
    switch self {
    case .hnsw: "hnsw"
    case .flat: "flat"
    case .dynamic: "dynamic"
    case .custom(let name, _): name
    }
  }

  var members: [String: PropertyValue] {
    switch self {
    case .hnsw(let settings): settings.members
    case .flat(let settings): settings.members
    case .dynamic(let settings): settings.members
    case .custom(_, let members): members
    }
  }

  /// ``members`` without the values that nobody named and that follow from others: where these change, they
  /// must follow.
  var named: [String: PropertyValue] {
    var named = PropertyValue.object(members)
    for place in derived { named = named.removing(place[...]) }
    guard case .object(let members) = named else { return [:] }
    return members
  }

  private var derived: [[String]] {
    switch self {
    case .hnsw(let settings): settings.compression.derived
    case .dynamic(let settings): settings.hnsw.compression.derived.map { ["hnsw"] + $0 }
    case .flat, .custom: []
    }
  }

  /// Whether objects are stored without being searched by their vectors.
  var isSkipped: Bool {
    if case .hnsw(let settings) = self { return settings.skip }
    if case .dynamic(let settings) = self { return settings.hnsw.skip }
    return false
  }

  var notes: [String] {
    switch self {
    case .hnsw(let settings): settings.notes
    case .flat(let settings): settings.notes
    case .dynamic(let settings): settings.notes
    case .custom: []
    }
  }

  /// What is wrong with a change of these settings from `old`.
  func check(changedFrom old: WeaviateIndexSettings, _ problems: SettingsProblems) {
    switch (self, old) {
    case (.hnsw(let new), .hnsw(let old)): new.check(changedFrom: old, problems)
    case (.flat(let new), .flat(let old)): new.check(changedFrom: old, problems)
    case (.dynamic(let new), .dynamic(let old)): new.check(changedFrom: old, problems)
    case (.custom(let new, _), .custom(let old, _)) where new == old: break
    default:
      problems.add(
        "vector index type is immutable: attempted change from \"\(old.type)\" to \"\(type)\"")
    }
  }

  /// What does not go with the length of the vectors, once it is known.
  func problem(dimensions: Int?) -> String? {
    switch self {
    case .hnsw(let settings): settings.compression.pq.problem(dimensions: dimensions)
    case .dynamic(let settings): settings.hnsw.compression.pq.problem(dimensions: dimensions)
    case .flat, .custom: nil
    }
  }

  /// These settings, brought in line with a configuration that was changed without a class.
  func adopting(_ configuration: CollectionConfiguration) -> WeaviateIndexSettings {
    let distance = configuration.metric
    let encoding = configuration.encoding
    switch (self, configuration.index) {
    // No type of a class stands for these kinds: it goes on saying what it said.
    case (.custom, _), (_, .ivf), (_, .annoy), (_, .hash), (_, .custom): return self
    case (.hnsw(var settings), _) where settings.skip:
      settings.compression.adopt(encoding)
      return .hnsw(settings)
    case (.flat(var settings), .flat):
      settings.adopt(encoding)
      return .flat(settings)
    case (_, .flat):
      var settings = WeaviateFlat()
      settings.distance = distance
      settings.adopt(encoding)
      return .flat(settings)
    case (.dynamic(var settings), .hnsw(let graph)) where graph.graphRows != nil:
      settings.adopt(graph, encoding)
      settings.hnsw.filtering = configuration.filtering
      return .dynamic(settings)
    case (_, .hnsw(let graph)):
      var settings = WeaviateHNSW()
      if case .hnsw(let known) = self { settings = known }
      settings.distance = distance
      settings.adopt(graph)
      settings.filtering = configuration.filtering
      settings.compression.adopt(encoding)
      return .hnsw(settings)
    }
  }
}

extension PropertyValue {
  /// This object without the member at the end of a path.
  fileprivate func removing(_ path: ArraySlice<String>) -> PropertyValue {
    guard case .object(var members) = self, let name = path.first else { return self }
    let inner = members.removeValue(forKey: name)
    if path.count > 1, let inner { members[name] = inner.removing(path.dropFirst()) }
    return .object(members)
  }
}
