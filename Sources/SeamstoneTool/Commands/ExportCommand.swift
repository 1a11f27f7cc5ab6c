import ArgumentParser
import Seamstone
import VectorFiles

/// `export`: writes a collection to a file, from one version of the store.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a collection to a file.",
    discussion: """
      .jsonl holds everything and can be imported again; .fvecs and .npy hold the vectors only, in \
      the order of insertion.
      """)

  @OptionGroup var place: CollectionArguments

  @Option(
    name: .customLong("output"), help: "A .jsonl, .fvecs or .npy file.", completion: .file())
  var path: String

  func run() throws {
    let store = try place.location.openForReading()
    defer { store.close() }
    let collection = try store.collection(place.collection)
    guard let format = VectorFileFormat(path: path), [.jsonl, .fvecs, .npy].contains(format)
    else {
      throw ToolError(
        .usage, "\(path): not a format that can be exported",
        remedy: "Let the name end in .jsonl, .fvecs or .npy")
    }
    let dimensions = try collection.configuration().dimensions
    let bar = ProgressBar("export")
    defer { bar.finish() }
    let written = try store.read { snapshot in
      let source = try snapshot.collection(place.collection)
      return format == .jsonl
        ? try objects(source, bar) : try vectors(source, dimensions: dimensions, bar)
    }
    bar.finish()
    Console.message("Exported \(Format.plural(written, "object")) to \(path)")
  }

  private func objects(_ source: CollectionSnapshot, _ bar: ProgressBar) throws -> Int {
    let writer = try JSONLinesWriter(path: path)
    try forEach(source, bar) { object in
      try writer.append(id: object.id, vector: object.vector, properties: object.properties)
    }
    try writer.finish()
    return writer.rowCount
  }

  private func vectors(
    _ source: CollectionSnapshot, dimensions: Int?, _ bar: ProgressBar
  ) throws -> Int {
    guard let dimensions else {
      throw ToolError(.badData, "\(place.collection) has no vectors to write to \(path)")
    }
    let writer = try VectorFileWriter(path: path, dimensions: dimensions)
    var skipped = 0
    try forEach(source, bar) { object in
      if let vector = object.vector { try writer.append(vector) } else { skipped += 1 }
    }
    try writer.finish()
    if skipped > 0 {
      Console.warning(
        "\(Format.plural(skipped, "object")) without a vector \(Format.were(skipped)) left out")
    }
    return writer.rowCount
  }

  private func forEach(
    _ source: CollectionSnapshot, _ bar: ProgressBar, _ body: (VectorObject) throws -> Void
  ) throws {
    let count = max(try source.count(), 1)
    var failure: (any Error)?
    var done = 0
    try source.forEachObject { object in
      do { try body(object) } catch { failure = error }
      done += 1
      if done % 256 == 0 { bar.update(fraction: Double(done) / Double(count), rows: done) }
      return failure == nil
    }
    if let failure { throw failure }
  }
}
