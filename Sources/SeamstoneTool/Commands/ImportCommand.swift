import ArgumentParser
import Seamstone
import VectorFiles

/// `import`: reads vectors and objects from files into a collection, and indexes them.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Insert or replace the rows of a file, and index them.",
    discussion: """
      Reads .fvecs, .bvecs, .ivecs, .npy, .safetensors, .jsonl and .jsonl.gz, and the vectors and ids \
      of indexes that hnswlib (.hnswlib), Annoy (.ann, .annoy) and faiss (.faiss) saved; --format \
      names the format of a file whose name does not. Of faiss, Flat, IVF…,Flat and HNSW…,Flat are \
      read, in an IDMap too. A row of JSON may carry "id", "vector" and properties; where a row has \
      no id, its number is its id. Every batch is all or nothing and on disk before the next one. A \
      bad row stops the import; batches before it stay. Packed bits are rows of bytes: .bvecs, .npy or \
      .safetensors of uint8, or "vector" an array of whole numbers from 0 to 255.
      """)

  @OptionGroup var place: CollectionArguments

  @Argument(help: "The file to read.", completion: .file())
  var file: String

  @OptionGroup var source: SourceOptions

  @Option(help: "Ids and properties for the rows of FILE: a .jsonl or .jsonl.gz file.")
  var objects: String?

  @Option(help: "Rows that are committed together.")
  var batch = 2_000

  @Option(name: .customLong("start-id"), help: "The id of the first row, where rows have none.")
  var firstID: Int64 = 0

  @Flag(name: .customLong("no-index"), help: "Leave the index to a later command.")
  var skipsIndex = false

  @OptionGroup var output: JSONOption

  func validate() throws {
    guard (1...1_000_000).contains(batch) else {
      throw ValidationError("--batch must be between 1 and 1,000,000.")
    }
  }

  func run() throws {
    let store = try place.location.openForWriting(background: true)
    defer { store.close() }
    let collection = try store.collection(place.collection)
    let format = try source.format(of: file)
    let shape = VectorShape(try collection.configuration())
    let options = try source.options(file: file, format: format, shape: shape, batch: batch)
    let source = try ImportSource(
      path: file, format: format, objects: objects, shape: shape, options: options,
      firstID: firstID)
    var outcome = Importer.Outcome()
    var indexStart = Clock.now()
    var watch: IndexingWatch?
    defer { watch?.end() }
    // An index that is built once is built of everything, and not of what came before it as well.
    let isBuilt = try collection.configuration().index.isBuiltOnce
    try collection.bulkLoad(indexing: !skipsIndex && !isBuilt) {
      outcome = Importer(collection: collection, source: source).run()
      report(outcome)
      if let failure = outcome.failure { throw failure }
      indexStart = Clock.now()
      if !skipsIndex { watch = IndexingWatch(collection, title: "index") }
    }
    if isBuilt, !skipsIndex { try collection.build() }
    watch?.end()
    let indexSeconds = skipsIndex ? 0 : Clock.seconds(since: indexStart)
    if !skipsIndex { Console.message("Indexed in \(Format.duration(indexSeconds))") }
    guard output.isJSON else { return }
    JSONDocument.object([
      ("imported", .int(outcome.rows)), ("new", .int(outcome.new)),
      ("replaced", .int(outcome.replaced)), ("without_vector", .int(outcome.vectorless.count)),
      ("batches", .int(outcome.batches)),
      ("seconds", .double(Format.rounded(outcome.seconds, places: 3))),
      ("indexed", .bool(!skipsIndex)),
      ("index_seconds", .double(Format.rounded(indexSeconds, places: 3))),
    ]).show()
  }

  private func report(_ outcome: Importer.Outcome) {
    if let warning = outcome.vectorless.warning { Console.warning(warning) }
    if outcome.failure != nil {
      Console.message(
        "\(Format.plural(outcome.rows, "row")) before the failure \(Format.were(outcome.rows)) imported and "
          + "\(outcome.rows == 1 ? "stays" : "stay") (\(counts(outcome))); `seamstone compact` makes the index"
      )
      return
    }
    let rate = Int(Double(outcome.rows) / max(outcome.seconds, 1e-9))
    Console.message(
      "Imported \(Format.plural(outcome.rows, "row")) in \(Format.duration(outcome.seconds)) "
        + "(\(Format.count(rate))/s), durable: \(counts(outcome))")
  }

  private func counts(_ outcome: Importer.Outcome) -> String {
    "\(Format.count(outcome.new)) new, \(Format.count(outcome.replaced)) replaced"
  }
}
