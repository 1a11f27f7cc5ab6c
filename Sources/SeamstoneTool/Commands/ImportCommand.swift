import ArgumentParser
import Seamstone
import SeamstoneImport
import StorageIO

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
      bad row stops the import; the rows before it stay. Packed bits are rows of bytes: .bvecs, .npy or \
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
    let format = try source.format(
      of: file, dimensions: try collection.configuration().dimensions)
    let options = ImportOptions(
      objects: objects.map { FilePath($0) }, startID: firstID, batchRows: batch,
      indexes: !skipsIndex)
    let watch = ImportWatch(collection)
    let summary: ImportSummary
    do throws(StoreError) {
      let path = FilePath(file)
      summary = try AsyncWait.run {
        try await collection.importVectors(
          from: path, format: format, options: options, progress: watch.update)
      }
    } catch {
      watch.fail()
      throw error
    }
    let seconds = watch.end(summary)
    try IndexNotes.show(store, collection)
    if !skipsIndex { Console.message("Indexed in \(Format.duration(seconds.indexing))") }
    guard output.isJSON else { return }
    JSONDocument.object([
      ("imported", .int(summary.rows)), ("new", .int(summary.inserted)),
      ("replaced", .int(summary.replaced)),
      ("without_vector", .int(summary.withoutVector.count)),
      ("batches", .int(summary.batches)),
      ("seconds", .double(Format.rounded(seconds.rows, places: 3))),
      ("indexed", .bool(!skipsIndex)),
      ("index_seconds", .double(Format.rounded(seconds.indexing, places: 3))),
    ]).show()
  }
}
