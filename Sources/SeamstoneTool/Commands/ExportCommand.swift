import ArgumentParser
import Seamstone
import SeamstoneImport
import VectorFiles

/// `export`: writes a collection to a file, from one version of the store.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a collection to a file.",
    discussion: """
      .jsonl holds everything and can be imported again; .fvecs and .npy hold the vectors only, in \
      the order of insertion. Packed bits are written as rows of bytes, to .bvecs or .npy.
      """)

  @OptionGroup var place: CollectionArguments

  @Option(
    name: .customLong("output"), help: "A .jsonl, .fvecs, .bvecs or .npy file.", completion: .file()
  )
  var path: String

  func run() throws {
    let store = try place.location.openForReading()
    defer { store.close() }
    let collection = try store.collection(place.collection)
    let shape = VectorShape(try collection.configuration())
    let vectorFormat: VectorFileFormat = shape.elementType == .bits ? .bvecs : .fvecs
    guard let format = VectorFileFormat(path: path), [.jsonl, vectorFormat, .npy].contains(format)
    else {
      throw ToolError(
        .usage, "\(path): not a format that can be exported",
        remedy: "Let the name end in .jsonl, .\(vectorFormat.rawValue) or .npy")
    }
    let bar = ProgressBar("export")
    defer { bar.finish() }
    let written = try store.read { snapshot in
      let source = try snapshot.collection(place.collection)
      return format == .jsonl
        ? try objects(source, bar) : try vectors(source, shape, bar)
    }
    bar.finish()
    Console.message("Exported \(Format.plural(written, "object")) to \(path)")
  }

  private func objects(_ source: CollectionSnapshot, _ bar: ProgressBar) throws -> Int {
    let writer = try JSONLinesWriter(path: path)
    try forEach(source, bar) { object in
      if let bits = object.bits {
        try writer.append(id: object.id, bytes: bits, properties: object.properties)
      } else {
        try writer.append(id: object.id, vector: object.vector, properties: object.properties)
      }
    }
    try writer.finish()
    return writer.rowCount
  }

  private func vectors(
    _ source: CollectionSnapshot, _ shape: VectorShape, _ bar: ProgressBar
  ) throws -> Int {
    guard let dimensions = shape.dimensions else {
      throw ToolError(.badData, "\(place.collection) has no vectors to write to \(path)")
    }
    let isOfBits = shape.elementType == .bits
    let writer = try VectorFileWriter(
      path: path, dimensions: isOfBits ? dimensions / 8 : dimensions, holdsBytes: isOfBits)
    var skipped = 0
    try forEach(source, bar) { object in
      switch object.value {
      case nil: skipped += 1
      case .floats(let components): try writer.append(components)
      case .bits(let bytes): try writer.append(bytes: bytes)
      }
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
