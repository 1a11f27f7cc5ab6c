import ArgumentParser
import Seamstone

/// `init`: makes a collection, and the store if there is none.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create a collection, and the store if there is none.",
    discussion: """
      A collection that exists with the same dimensions and metric is left as it is. A --config file is JSON or YAML: either \
      {"dimensions": 384, "metric": "cosine", "index": {"kind": "hnsw", "m": 24, "efConstruction": 200, "ef": 100, \
      "seed": 100}, "transform": "none", "encoding": {"kind": "int8", "rescoreLimit": 20}}, where everything may be left out, and index \
      and encoding may be just their names (all keys are in the guide ChoosingAnIndex); or, with the key "class", a \
      class of Weaviate's: it names the collection, and changes one that exists as far as a class can be changed; \
      or, with keys as "backend", a configuration of txtai's (`seamstone config check` shows what it becomes).
      """)

  @OptionGroup var location: StoreArguments

  @Argument(help: "The name of the collection; not needed where a class names it.")
  var collection: String?

  @Option(help: "Components of each vector; the first write decides if nothing is said.")
  var dimensions: Int?

  @Option(help: "What components are: float32, or bits, eight packed in a byte. (default: float32)")
  var element: ElementType?

  @Option(
    help: "cosine, dot, l2-squared, manhattan or hamming. (default: cosine; hamming for bits)")
  var metric: Metric?

  @OptionGroup var index: IndexOptions

  @Option(
    name: .customLong("config"),
    help: ArgumentHelp(
      "A JSON or YAML file with the same settings, where options go first; or a class of Weaviate's, or a "
        + "configuration of txtai's."),
    completion: .file(extensions: ["json", "yml", "yaml"]))
  var file: String?

  @Option(
    help:
      "With a configuration of txtai's: how many vectors there will be, which values that it derives follow."
  )
  var count: Int?

  func validate() throws {
    if let count, count < 0 { throw ValidationError("--count is \(count); give 0 or more.") }
    guard collection != nil || file != nil else {
      throw ValidationError("Give the name of the collection.")
    }
    if let collection { try CollectionArguments.check(collection) }
  }

  func run() throws {
    let settings = try file.map { try SettingsFile.read($0) } ?? SettingsFile()
    if settings.isClass { return try create(classOf: settings) }
    if settings.isTxtai { return try create(txtai: settings.txtai()) }
    guard let name = collection else { throw ValidationError("Give the name of the collection.") }
    let wanted = try settings.configuration(
      dimensions: dimensions, element: element, metric: metric, index: index)
    try create(name, wanted)
  }

  private func create(_ name: String, _ wanted: CollectionConfiguration) throws {
    // Checked before there is a store.
    try wanted.validate()
    try ToolVectorizers.require(wanted.vectorizer)
    try CollectionName.check(name)
    let store = try open()
    defer { store.close() }
    let existed = try store.collectionNames().contains(name)
    let collection = try store.collection(name, wanted)
    try report(collection, existed ? "Found" : "Created")
    let actual = try collection.configuration()
    if existed,
      actual.index != wanted.index || actual.encoding != wanted.encoding
        || actual.transform != wanted.transform
    {
      Console.warning("Its index stays as it is; `seamstone reindex` changes it")
    }
  }

  private func create(txtai configuration: TxtaiConfiguration) throws {
    guard let name = collection else { throw ValidationError("Give the name of the collection.") }
    guard metric == nil, element == nil, index.isEmpty else {
      throw ValidationError(
        "A txtai configuration says element, metric, index and encoding itself; leave the options out."
      )
    }
    let plan = configuration.plan(count: count ?? 0, dimensions: dimensions)
    try create(name, plan.configuration())
    for note in plan.notes { Console.warning(note) }
    let later = configuration.plan(count: Self.manyVectors, dimensions: dimensions)
    if count == nil, later.kind.name != plan.kind.name {
      Console.warning(
        "txtai chooses by the number of vectors: \(plan.kind.name) for none, \(later.kind.name) for "
          + "\(Format.count(Self.manyVectors)). --count says how many there will be")
    }
  }

  /// More than any index that is small to txtai.
  private static let manyVectors = 100_000

  private func create(classOf settings: SettingsFile) throws {
    guard metric == nil, element == nil, index.isEmpty else {
      throw ValidationError(
        "A class says metric, index and encoding itself, of numbers; leave the options out.")
    }
    let name = settings.className
    if let collection, collection != name {
      throw ValidationError("The class in \(file ?? "") is \(name), not \(collection).")
    }
    let known = try existing()
    defer { known?.close() }
    let existed = try known?.collectionNames().contains(name) == true
    if !existed {
      // Checked before there is a store. Of a class that exists, a definition may say just what changes.
      try ToolVectorizers.require(try WeaviateClass(json: settings.json).vectorizer)
    }
    let store = try known ?? open()
    defer { store.close() }
    let collection = try store.collection(
      fromWeaviateClass: settings.json, dimensions: dimensions)
    try report(collection, existed ? "Found" : "Created")
    for note in try collection.weaviateClassDefinition()?.notes ?? [] { Console.warning(note) }
    if try collection.status() == .readOnly {
      Console.message("It is READONLY until its vectors are converted; `seamstone compact` does it")
    }
  }

  /// The store, if there is one.
  private func existing() throws -> Store? {
    do throws(StoreError) {
      return try location.openForWriting(background: false)
    } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
  }

  private func open() throws -> Store {
    try StoreAccess.openForWriting(location.store, background: false, createIfMissing: true)
  }

  private func report(_ collection: Collection, _ done: String) throws {
    let actual = try collection.configuration()
    let size =
      actual.dimensions.map {
        "\($0) \(actual.elementType == .bits ? "bits" : "dimensions")"
      } ?? "dimensions set by the first write"
    Console.message(
      "\(done) \(collection.name) in \(location.store): \(size), "
        + "\(actual.metric), \(Describe.index(actual.index)), "
        + Describe.storage(actual.encoding, actual.transform))
  }
}
