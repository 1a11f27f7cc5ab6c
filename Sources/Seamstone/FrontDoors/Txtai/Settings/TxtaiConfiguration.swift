import JSONText
import ObjectStorage
public import StorageIO

/// The ANN settings of a txtai configuration, read from JSON or from the values of a YAML file.
///
/// The keys are those of txtai's page on ANN configuration: `backend`, `quantize` and the object named as the
/// backend. They may stand at the root or under `embeddings`. Reading is strict: a key that is not known, a
/// value of the wrong type and a value out of its range are errors, and all of them are said at once. What is
/// known and has no effect here is named in the ``TxtaiPlan/notes`` of the ``plan(count:dimensions:)``.
public struct TxtaiConfiguration: Hashable, Sendable {
  let backend: TxtaiBackend
  let quantize: TxtaiQuantize?
  let faiss: TxtaiFaiss
  let hnsw: TxtaiHNSW
  let annoy: TxtaiAnnoy
  /// `numpy` or `torch`, as the backend is.
  let array: TxtaiArray
  /// What a registered type made of its settings.
  let custom: CollectionConfiguration?
  /// The root key: components of a vector, or bytes of a packed one.
  let dimensions: Int?
  /// What was said and means nothing here, as sentences.
  let unused: [String]
  /// The name that the configuration gives, or else the default.
  public let backendName: String

  /// Bits that a component may be packed into.
  static let packedBits = 1...8
  private static let keys = ["backend", "quantize", "dimensions", "metric"] + TxtaiBackend.names
  /// What txtai itself writes into its configurations.
  private static let written = ["offset", "deletes", "build", "update"]
  /// Keys of txtai's other configuration pages: they say where vectors come from and what is done with results.
  private static let foreign = [
    "path", "method", "batch", "encodebatch", "maxlength", "tokenize", "instructions",
    "dimensionality",
    "normalize", "defaults", "vectors", "storevectors", "gpu", "modelargs", "trust", "content",
    "functions",
    "objects", "query", "expressions", "format", "autoid", "columns", "scoring", "keyword",
    "hybrid", "sparse",
    "dense", "indexes", "graph", "cloud", "pca",
  ]

  /// Whether members of a file that may be several things are a txtai configuration: they have a key that only
  /// these have.
  public static func describes(_ members: [String: PropertyValue]) -> Bool {
    let known = ["backend", "quantize", "embeddings"] + TxtaiBackend.names + foreign
    return members.keys.contains { known.contains($0) }
  }

  /// Reads a configuration.
  /// - Throws: `invalidConfiguration` with everything that is wrong.
  public init(json: String, backends: [TxtaiBackendType] = []) throws(StoreError) {
    let value: PropertyValue
    do throws(JSONError) {
      value = try PropertyValue(json: json)
    } catch {
      throw StoreError(.invalidConfiguration, "A txtai configuration is not valid JSON: \(error)")
    }
    guard case .object(let members) = value else {
      throw StoreError(
        .invalidConfiguration,
        "A txtai configuration must be an object in braces, not \(value.kind)")
    }
    try self.init(members, backends: backends)
  }

  /// Reads the members of a configuration, from wherever they were read.
  /// - Throws: `invalidConfiguration` with everything that is wrong.
  public init(
    _ members: [String: PropertyValue], backends: [TxtaiBackendType] = []
  ) throws(StoreError) {
    let problems = SettingsProblems()
    var unused: [String] = []
    var members = members
    var prefix = ""
    if let inner = members["embeddings"] {
      guard case .object(let settings) = inner else {
        throw StoreError(
          .invalidConfiguration, "embeddings is \(inner.excerpt); it must be an object in braces")
      }
      unused += members.keys.filter { $0 != "embeddings" }.sorted().map {
        "\(JSONScanner.excerpt($0)) has no effect: only embeddings is read"
      }
      (members, prefix) = (settings, "embeddings.")
    }
    let name = TxtaiConfiguration.backendName(members)
    let known =
      TxtaiConfiguration.keys + TxtaiConfiguration.written + TxtaiBackend.unavailable
      + TxtaiConfiguration.foreign + [name]
    let reader = SettingsReader(members, known: known, prefix: prefix, problems: problems)
    _ = reader.text("backend")
    backendName = name
    let backend = TxtaiBackend(name, registered: backends)
    if backend == nil { problems.add(TxtaiBackend.problem(name, registered: backends)) }
    self.backend = backend ?? .faiss
    quantize = TxtaiQuantize(reader)
    dimensions = reader.optionalWhole("dimensions", in: ConfigurationLimits.dimensions)
    // A class's settings stand under its whole name.
    func own(_ isOwn: Bool, _ usual: String, _ keys: [String]) -> SettingsReader {
      reader.reader(isOwn ? name : usual, known: keys)
    }
    faiss = TxtaiFaiss(own(self.backend == .faiss, "faiss", TxtaiFaiss.keys))
    hnsw = TxtaiHNSW(own(self.backend == .hnsw, "hnsw", TxtaiHNSW.keys))
    annoy = TxtaiAnnoy(own(self.backend == .annoy, "annoy", TxtaiAnnoy.keys))
    let numpy = TxtaiArray(own(self.backend == .numpy, "numpy", TxtaiArray.keys), hasBlocks: false)
    let torch = TxtaiArray(own(self.backend == .torch, "torch", TxtaiArray.keys), hasBlocks: true)
    array = self.backend == .torch ? torch : numpy
    custom = TxtaiConfiguration.custom(self.backend, reader, backends)
    TxtaiConfiguration.checkMetric(reader)
    self.unused = unused + TxtaiConfiguration.unused(members, backend: name)
    try problems.throwAny(title: "invalid txtai configuration")
  }

  private static func backendName(_ members: [String: PropertyValue]) -> String {
    guard case .string(let name)? = members["backend"] else { return "faiss" }
    return name
  }

  private static func custom(
    _ backend: TxtaiBackend, _ reader: SettingsReader, _ registered: [TxtaiBackendType]
  ) -> CollectionConfiguration? {
    guard case .custom(let name) = backend,
      let type = registered.first(where: { $0.name == name })
    else { return nil }
    do throws(StoreError) {
      return try type.configuration(reader.object(name) ?? [:])
    } catch {
      reader.problems.add("\(name): \(error.message)")
      return nil
    }
  }

  /// All of txtai's backends compare by inner product; what it wrote as `metric` says just that.
  private static func checkMetric(_ reader: SettingsReader) {
    guard let metric = reader.text("metric"), !["ip", "dot"].contains(metric) else { return }
    reader.refuse("metric", "ip or dot: txtai compares normalised vectors by their inner product")
  }

  private static func unused(
    _ members: [String: PropertyValue], backend: String
  ) -> [String] {
    var notes: [String] = []
    for name in members.keys.sorted() where members[name] != .null {
      if written.contains(name) {
        notes.append("\(name) has no effect: the store keeps such things itself")
      } else if foreign.contains(name) {
        notes.append("\(name) has no effect: vectors come from outside")
      } else if name != backend,
        TxtaiBackend.names.contains(name) || TxtaiBackend.unavailable.contains(name)
      {
        notes.append("\(name) has no effect: the backend is \(backend)")
      }
    }
    return notes
  }
}
