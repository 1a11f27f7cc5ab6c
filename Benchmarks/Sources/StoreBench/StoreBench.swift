import Foundation
import Seamstone
import Synchronization

/// Times the public API from inside one process; `Benchmarks/compare.py` calls it and reads its JSON.
///
/// Inputs are raw: float32 rows (`.f32`) and one JSON object a line. They are read before the clock starts.
@main struct StoreBench {
  var arguments: [String: String] = [:]

  static func main() throws {
    var bench = StoreBench()
    let words = Array(CommandLine.arguments.dropFirst())
    for index in stride(from: 1, to: words.count - 1, by: 2) {
      bench.arguments[words[index]] = words[index + 1]
    }
    switch words.first {
    case "ingest": try bench.ingest()
    case "query": try bench.query()
    case "singles": try bench.singles()
    case "batch": try bench.batch()
    default:
      throw BenchError("usage: StoreBench ingest|query|singles|batch --path STORE --dimensions D …")
    }
  }
}

/// A text of the data set with its vector.
struct Article: VectorRecord {
  var id: String
  var title: String
  var section: String
  var source: String
  var text: String
  var vector: [Float]
}

/// A wrong call of this program.
struct BenchError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

// MARK: - The figures

extension StoreBench {
  /// All rows in durable batches: seconds until the last is acknowledged, and until the index is finished.
  func ingest() throws {
    let rows = try articles(), batch = try int("--batch", 1000)
    let (store, collection) = try open()
    let seconds = try measured { lap in
      for start in stride(from: 0, to: rows.count, by: batch) {
        try collection.upsert(Array(rows[start..<min(start + batch, rows.count)]))
      }
      lap()
      try collection.compact()  // returns when nothing is left to do
      lap()
    }
    store.close()
    try report(["acknowledged_s": seconds[0], "indexed_s": seconds[1]])
  }

  /// One query at a time on this thread, objects fetched with their properties (as values, not as `Article`s,
  /// since the peers return values too): latencies of the passes after the first two, in which what an open does in the
  /// background comes to its end, and the ids found.
  func query() throws {
    let queries = try vectors("--queries"), ef = try int("--ef", 64), limit = try int("--k", 10)
    let (store, collection) = try open()
    var times: [Double] = [], found: [[Int]] = [], letters = 0
    for pass in 0..<10 {
      for query in queries {
        var hits: [SearchHit<VectorObject>] = []
        let seconds = try measured { _ in
          hits = try collection.collection.search(near: query, limit: limit, ef: ef)
          for hit in hits { letters += hit.object.properties["text"]?.string?.utf8.count ?? 0 }
        }
        if pass >= 2 { times.append(seconds[0] * 1e6) }
        guard pass == 9 else { continue }
        found.append(hits.compactMap { $0.id.number })
      }
    }
    store.close()
    times.sort()
    let result = QueryResult(
      p50: times[times.count / 2], p99: times[times.count * 99 / 100], ids: found,
      letters: letters)
    try report(result)
  }

  /// All queries in one call, their objects fetched: seconds of the median pass, and the ids found.
  func batch() throws {
    let queries = try vectors("--queries"), limit = try int("--k", 10)
    let threads = try int("--threads", 2), passes = try int("--passes", 9)
    var options = StoreOptions()
    options.verification = .full  // nothing is checked beside the queries then
    let store = try Store.open(at: try string("--path"), options: options)
    let collection = try store.collection(try string("--collection"))
    var times: [Double] = [], found: [[Int]] = []
    for pass in 0..<passes {
      var answers: [[SearchHit<VectorObject>]] = []
      let seconds = try measured { _ in
        answers = try collection.search(near: queries, limit: limit, threads: threads)
      }
      if pass >= 2 { times.append(seconds[0]) }
      if pass == passes - 1 { found = answers.map { $0.compactMap { $0.id.number } } }
    }
    store.close()
    times.sort()
    try report(BatchResult(seconds: times[times.count / 2], ids: found))
  }

  /// Durable upserts of one object each by some threads, for some seconds.
  func singles() throws {
    let rows = try articles(), writers = try int("--writers", 1)
    let seconds = Double(arguments["--seconds"] ?? "2") ?? 2
    let (store, collection) = try open()
    let done = Atomic(0), failures = Mutex<[String]>([])
    let clock = ContinuousClock(), start = clock.now, end = start + .seconds(seconds)
    let group = DispatchGroup()
    for writer in 0..<writers {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        var next = writer
        do {
          while clock.now < end {
            try collection.upsert([rows[next % rows.count]])
            done.add(1, ordering: .relaxed)
            next += writers
          }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    group.wait()
    let elapsed = (clock.now - start) / .seconds(1)
    if let failure = failures.withLock({ $0.first }) { throw BenchError(failure) }
    store.close()
    try report(["per_s": Double(done.load(ordering: .relaxed)) / elapsed])
  }
}

/// What `query` reports: microseconds, the ids found, and a sum that keeps the fetches from being optimised away.
struct QueryResult: Encodable {
  var p50: Double
  var p99: Double
  var ids: [[Int]]
  var letters: Int

  enum CodingKeys: String, CodingKey {
    case p50 = "p50_us"
    case p99 = "p99_us"
    case ids, letters
  }
}

/// What `batch` reports.
struct BatchResult: Encodable {
  var seconds: Double
  var ids: [[Int]]
}

// MARK: - Inputs and outputs

extension StoreBench {
  func open() throws -> (Store, TypedCollection<Article>) {
    let store = try Store.open(at: try string("--path"))
    let collection = try store.collection(
      "Article", of: Article.self,
      .init(dimensions: try int("--dimensions", 0), metric: .cosine, index: .hnsw()))
    return (store, collection)
  }

  /// Seconds from the start of `body` to each lap, and to its end.
  func measured(_ body: (_ lap: () -> Void) throws -> Void) rethrows -> [Double] {
    let clock = ContinuousClock(), start = clock.now
    var laps: [Double] = []
    try body { laps.append((clock.now - start) / .seconds(1)) }
    laps.append((clock.now - start) / .seconds(1))
    return laps
  }

  func report(_ value: some Encodable) throws {
    FileHandle.standardOutput.write(try JSONEncoder().encode(value))
  }

  func string(_ name: String) throws -> String {
    guard let value = arguments[name] else { throw BenchError("\(name) is missing") }
    return value
  }

  func int(_ name: String, _ fallback: Int) throws -> Int {
    guard let text = arguments[name] else { return fallback }
    guard let value = Int(text) else { throw BenchError("\(name) \(text) is not a number") }
    return value
  }

  func vectors(_ name: String) throws -> [[Float]] {
    let dimensions = try int("--dimensions", 0)
    let data = try Data(contentsOf: URL(fileURLWithPath: try string(name)))
    guard dimensions > 0 else { throw BenchError("--dimensions is missing") }
    let all = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    return stride(from: 0, to: all.count, by: dimensions).map { Array(all[$0..<$0 + dimensions]) }
  }

  func articles() throws -> [Article] {
    struct Line: Decodable {
      var id: Int, title: String, section: String, source: String, text: String
    }
    let vectors = try vectors("--vectors")
    let lines = try Data(contentsOf: URL(fileURLWithPath: try string("--objects"))).split(
      separator: UInt8(ascii: "\n"))
    return try zip(lines, vectors).map { line, vector in
      let item = try JSONDecoder().decode(Line.self, from: line)
      return Article(
        id: String(item.id), title: item.title, section: item.section, source: item.source,
        text: item.text, vector: vector)
    }
  }
}

extension ObjectID {
  /// The row that an id names.
  var number: Int? {
    switch self {
    case .string(let text): Int(text)
    case .int(let number): Int(number)
    case .uuid: nil
    }
  }
}

extension PropertyValue {
  /// The text, if it is one.
  var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }
}
