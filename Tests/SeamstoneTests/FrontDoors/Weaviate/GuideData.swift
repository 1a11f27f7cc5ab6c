import ObjectStorage
import VectorFiles

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Real texts with their vectors. With optimisation the 25,000 of `../shared/data/text-25k` beside the repository, if they
/// are there; or else, and without optimisation, where these take two minutes, the 3,000 of the demo.
struct GuideData {
  struct Article {
    var title: String
    var section: String
    var vector: [Float]
  }

  var articles: [Article] = []
  var queries: [[Float]] = []
  /// Whether these are the demo's: too few for a graph, as stores are usually set.
  let isSmall: Bool

  /// - Parameter queryCount: How many of the queries are taken.
  init(queryCount: Int) throws {
    let file = "/" + "\(#filePath)".split(separator: "/").dropLast(5).joined(separator: "/")
    let large = file + "/../shared/data/text-25k"
    let isThere = access(large + "/base-f16.npy", R_OK) == 0
    isSmall = !isThere || !Self.isOptimized
    let folder = isSmall ? file + "/Sources/SeamstoneTool/DemoData" : large
    if isSmall {
      print(
        "The guide runs on the demo's 3,000 texts: "
          + (isThere ? "`.ci/long guide` takes 25,000" : "\(large) is not there"))
    }
    let vectors = try Self.vectors(folder + (isSmall ? "/words.npy" : "/base-f16.npy"))
    let objects = try Self.objects(folder + (isSmall ? "/words.jsonl.gz" : "/objects.jsonl.gz"))
    articles = zip(objects, vectors).map { object, vector in
      Article(
        title: Self.text(object["title"]), section: Self.text(object["section"]), vector: vector)
    }
    queries = Array(
      try Self.vectors(folder + (isSmall ? "/queries.npy" : "/query-f16.npy")).prefix(queryCount))
  }

  private static var isOptimized: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }

  private static func vectors(_ path: String) throws -> [[Float]] {
    let reader = try VectorFileReader.open(path, options: VectorFileOptions())
    var vectors: [[Float]] = []
    while let batch = try reader.nextBatch() {
      for row in 0..<batch.rowCount { vectors.append(batch.vector(row).map(Array.init) ?? []) }
    }
    return vectors
  }

  private static func objects(_ path: String) throws -> [[String: PropertyValue]] {
    let reader = try VectorFileReader.open(path, options: VectorFileOptions())
    var objects: [[String: PropertyValue]] = []
    while let batch = try reader.nextBatch() { objects += batch.records.map(\.properties) }
    return objects
  }

  private static func text(_ value: PropertyValue?) -> String {
    if case .string(let text)? = value { text } else { "" }
  }
}
