import ArgumentParser
import Seamstone
import SeamstoneImport
import VectorFiles

/// `search`: the nearest objects of one or many queries.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Find the nearest objects.")

  @OptionGroup var place: CollectionArguments

  @Option(help: "A file of query vectors.", completion: .file())
  var queries: String?

  @Option(help: ArgumentHelp("One query.", valueName: "0.1,0.2,…"))
  var vector: VectorArgument?

  @Option(name: .customLong("near-id"), help: "Search near the vector of this object.")
  var nearID: ObjectID?

  @Option(
    name: .customLong("near-text"),
    help: "Search near what the collection's vectorizer makes of this text.")
  var nearText: String?

  @Option(
    name: .customLong("k"),
    help: "Results for each query. (default: 10; all inside the bound if there is one)")
  var wanted: Int?

  @OptionGroup var bounds: BoundOptions

  @Option(help: "How many candidates the index keeps while it walks: slower and better.")
  var ef: Int?

  @Flag(help: "Compare with every vector: the true answer.")
  var exact = false

  @OptionGroup var condition: WhereOption

  @Option(
    name: .customLong("output"), help: "Write the ids found to this .ivecs file.",
    completion: .file(extensions: ["ivecs"]))
  var outputPath: String?

  @OptionGroup var output: JSONOption

  func validate() throws {
    let given = [queries != nil, vector != nil, nearID != nil, nearText != nil].filter { $0 }.count
    guard given == 1 else {
      throw ValidationError("Give one of --queries, --vector, --near-id and --near-text.")
    }
    guard limit > 0 else { throw ValidationError("--k must be 1 or more.") }
    if bounds.hasBound, outputPath != nil, wanted == nil {
      throw ValidationError("--output needs --k: its rows have one length.")
    }
    if let ef, ef < 1 { throw ValidationError("--ef must be 1 or more.") }
    if let outputPath, !outputPath.hasSuffix(".ivecs") {
      throw ValidationError("--output must end in .ivecs.")
    }
  }

  private var limit: Int { wanted ?? 10 }

  func run() throws {
    let filter = try condition.filter()
    let store = try place.location.openForReading()
    defer { store.close() }
    let collection = try store.collection(place.collection)
    let writer = try outputPath.map { try IDFileWriter(path: $0, width: limit) }
    var report = SearchReport(
      isJSON: output.isJSON, isSilent: writer != nil && !output.isJSON,
      hasManyQueries: queries != nil)
    do {
      if bounds.isUsed {
        try eachBounded(collection, filter) { result in
          try writer?.append(result.hits.map(\.id))
          report.append(result)
        }
      } else if let queries {
        try answer(queries, collection, filter) { ids, hits in
          try writer?.append(ids)
          report.append(hits)
        }
      } else {
        let hits = try one(collection, filter)
        try writer?.append(hits.map(\.id))
        report.append(hits)
      }
    } catch {
      report.abandon()
      throw error
    }
    report.end()
    try writer?.finish()
  }

  /// Every query with bounds, one by one.
  private func eachBounded(
    _ collection: Collection, _ filter: Filter?, _ body: (WeaviateResult) throws -> Void
  ) throws {
    let shape = VectorShape(try collection.configuration())
    func query(_ vector: VectorValue) -> NearVector {
      bounds.query(vector, limit: wanted, ef: ef, exact: exact)
    }
    if let nearID {
      return try body(collection.nearObject(nearID, query(.floats([])), where: filter))
    }
    guard let queries else {
      return try body(collection.nearVector(query(givenVector(shape, collection)), where: filter))
    }
    let reader = try QueryReader(path: queries, shape: shape)
    while let vectors = try reader.next() {
      for vector in vectors {
        try body(collection.nearVector(query(vector), where: filter))
      }
    }
  }

  private func one(
    _ collection: Collection, _ filter: Filter?
  ) throws -> [SearchHit<VectorObject>] {
    if let nearID {
      return try collection.search(
        nearID: nearID, limit: limit, ef: ef, where: filter, exact: exact)
    }
    let value = try givenVector(VectorShape(try collection.configuration()), collection)
    return try collection.search(
      near: value, limit: limit, ef: ef, where: filter, exact: exact)
  }

  /// What `--vector` says, or what is made of `--near-text`.
  private func givenVector(
    _ shape: VectorShape, _ collection: Collection
  ) throws -> VectorValue {
    if let nearText {
      return .floats(try ToolVectorizers.queryVector(for: nearText, in: collection))
    }
    if let value = shape.value(of: vector?.components ?? []) { return value }
    throw ToolError(
      .usage, "--vector has a number that is no byte, and \(collection.name) holds packed bits",
      remedy: "Give whole numbers from 0 to 255, eight bits in each")
  }

  /// Answers the queries of a file some at a time, so that memory stays bounded. Without need for objects
  /// there are only ids.
  private func answer(
    _ path: String, _ collection: Collection, _ filter: Filter?,
    _ body: ([ObjectID], [SearchHit<VectorObject>]) throws -> Void
  ) throws {
    let reader = try QueryReader(
      path: path, shape: VectorShape(try collection.configuration()))
    let needsObjects = outputPath == nil || output.isJSON
    while let vectors = try reader.next() {
      if !needsObjects {
        for vector in vectors {
          let hits = try collection.searchIDs(
            near: vector, limit: limit, ef: ef, where: filter, exact: exact)
          try body(hits.map(\.id), [])
        }
      } else if vectors.count == 1 {
        let hits = try collection.search(
          near: vectors[0], limit: limit, ef: ef, where: filter, exact: exact)
        try body(hits.map(\.id), hits)
      } else {
        for hits in try collection.search(
          near: vectors, limit: limit, ef: ef, where: filter, exact: exact)
        {
          try body(hits.map(\.id), hits)
        }
      }
    }
  }
}
