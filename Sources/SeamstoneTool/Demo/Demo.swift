import Seamstone
import SeamstoneImport
import VectorFiles

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The story that `seamstone demo` tells. Every claim is checked; one that does not hold ends the demo
/// with exit code 1.
struct Demo {
  let data: DemoData
  /// Where the store is made.
  let path: String

  private static let name = "Word"

  func run() throws {
    let start = Clock.now()
    let queries = try QueryReader.all(data.queries, shape: VectorShape(dimensions: 384))
    try Demo.expect(!queries.isEmpty, "\(data.queries) has no rows")
    let texts = try readTexts()
    var store = try StoreAccess.openForWriting(path, background: true, createIfMissing: true)
    defer { store.close() }
    let words = try load(store)
    try search(words, queries, texts)
    try change(words, queries)
    let count = try words.count()
    store.close()
    try DemoCrash(path: path).run()
    heading("Open it again")
    store = try StoreAccess.openForWriting(path, background: true)
    let reopened = try store.collection(Self.name)
    try expect(try reopened.count() == count, "the words are not what they were")
    let problems = try store.verify(deep: true).findings
    try expect(problems.isEmpty, "verify found \(problems.map(\.message))")
    say("\(Format.count(count)) words are there; every checksum was read: no problems.")
    try measure(reopened, queries)
    StandardOutput.line()
    say("Done in \(Format.duration(Clock.seconds(since: start))). The store is removed again.")
  }

  // MARK: - Chapters

  private func load(_ store: Store) throws -> Collection {
    heading("Import real texts with their embeddings")
    let words = try store.collection(
      Self.name, CollectionConfiguration(dimensions: 384, metric: .cosine))
    let start = Clock.now()
    let summary = try words.importVectors(
      from: FilePath(data.words),
      options: ImportOptions(objects: FilePath(data.wordObjects), batchRows: 500))
    say(
      "\(Format.count(summary.rows)) words of WordNet, 384 dimensions each, in batches that are on "
        + "disk when they return: \(Format.duration(Clock.seconds(since: start))).")
    return words
  }

  private func search(_ words: Collection, _ queries: [VectorValue], _ texts: [String]) throws {
    heading("Search them by meaning")
    let answers = try words.search(near: queries, limit: 3)
    // 3,000 words are not about everything: the queries that are shown found something near.
    let best = zip(queries.indices, answers).sorted {
      ($0.1.first?.distance ?? .infinity) < ($1.1.first?.distance ?? .infinity)
    }
    for (query, hits) in best.prefix(3) where query < texts.count {
      StandardOutput.line("  \"\(texts[query].prefix(84))\"")
      show(hits)
    }
    let filter = Field("section") == "noun.animal"
    StandardOutput.line("  the first again, only where \(filter):")
    let hits = try words.search(near: queries[best.first?.0 ?? 0], limit: 3, where: filter)
    try expect(
      hits.count == 3 && hits.allSatisfy { $0.object.properties["section"] == "noun.animal" },
      "the filter let others through")
    show(hits)
  }

  private func change(_ words: Collection, _ queries: [VectorValue]) throws {
    heading("Change and delete; the next search knows")
    let query = queries[0]
    let before = try words.search(near: query, limit: 3)
    let gone = before.map(\.id)
    try words.delete(ids: gone)
    let after = try words.search(near: query, limit: 3)
    try expect(after.allSatisfy { !gone.contains($0.id) }, "a deleted object was found")
    say("Deleted \(gone.map(\.description).joined(separator: ", ")): no longer found.")
    try words.upsert(
      VectorObject(
        id: "mine", value: query, properties: ["title": "a new word", "section": "mine"]))
    let hits = try words.search(near: query, limit: 3)
    try expect(hits.first?.id == "mine", "a new object was not found")
    say("Inserted \"mine\" with the query's own vector: found first.")
    show(hits)
  }

  private func measure(_ words: Collection, _ queries: [VectorValue]) throws {
    heading("Recall and speed")
    let outcome = try LiveRecall(collection: words, limit: 10, ef: nil)
      .run(queries.map { (id: nil, vector: $0) })
    let speed = try SpeedTest(
      collection: words, queries: queries, limit: 10, ef: 64, threads: 1, seconds: 1
    ).run()
    say(
      "recall@10 against exact search: \(Format.decimal(outcome.recall, places: 4)) "
        + "(\(outcome.queries) queries)")
    say(
      "\(Format.count(Int(speed.queriesPerSecond))) queries a second on one core, median "
        + "\(Format.decimal(speed.microseconds(0.5), places: 0)) µs; exact search takes "
        + "\(Format.decimal(outcome.exactMicroseconds, places: 0)) µs")
    say("So few vectors are scanned by their codes; from 10,000 on a graph is built.")
  }

  // MARK: - Helpers

  private func readTexts() throws -> [String] {
    let reader = try VectorFileReader.open(data.queryObjects)
    var texts: [String] = []
    while let batch = try reader.nextBatch() {
      for record in batch.records {
        guard case .string(let text) = record.properties["text"] else { continue }
        texts.append(Describe.oneLine(text))
      }
    }
    return texts
  }

  private func show(_ hits: [SearchHit<VectorObject>]) {
    for hit in hits {
      var title = ""
      var section = ""
      if case .string(let text) = hit.object.properties["title"] { title = text }
      if case .string(let text) = hit.object.properties["section"] { section = text }
      StandardOutput.line(
        "      \(Format.decimal(Double(hit.distance), places: 3))  \(title) (\(section))")
    }
  }

  private func heading(_ text: String) { Demo.heading(text) }
  private func say(_ text: String) { Demo.say(text) }

  private func expect(_ condition: Bool, _ what: String) throws(ToolError) {
    try Demo.expect(condition, what)
  }

  /// Begins a chapter.
  static func heading(_ text: String) {
    let shown = Terminal.usesColorOnOutput ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    StandardOutput.line("\n\(shown)")
    StandardOutput.flush()
  }

  /// Says something in a chapter.
  static func say(_ text: String) {
    StandardOutput.line("  \(text)")
    StandardOutput.flush()
  }

  /// Ends the demo if a promise does not hold.
  static func expect(_ condition: Bool, _ what: String) throws(ToolError) {
    if condition { return }
    throw ToolError(
      .problemsFound, "A promise does not hold: \(what)", remedy: "Please report this as a defect")
  }
}
