import ArgumentParser
import Seamstone

/// `recall`: index answers against exact search on the live data.
struct RecallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recall", abstract: "Compare index answers with exact search on sampled data.",
    discussion: "Sampled vectors are the queries; no object counts among its own neighbours.")

  @OptionGroup var place: CollectionArguments

  @Option(help: "How many stored vectors to search near.")
  var sample = 1_000

  @Option(name: .customLong("k"), help: "Results for each query.")
  var limit = 10

  @Option(help: "How many candidates the index keeps while it walks.")
  var ef: Int?

  @Option(help: "Another seed draws another sample.")
  var seed: UInt64 = 1

  @OptionGroup var output: JSONOption

  func validate() throws {
    guard (1...1_000_000).contains(sample) else {
      throw ValidationError("--sample must be between 1 and 1,000,000.")
    }
    guard limit > 0 else { throw ValidationError("--k must be 1 or more.") }
    if let ef, ef < 1 { throw ValidationError("--ef must be 1 or more.") }
  }

  func run() throws {
    let store = try place.location.openForReading()
    defer { store.close() }
    let collection = try store.collection(place.collection)
    let queries = try collection.sample(sample, seed: seed).compactMap { object in
      object.value.map { (id: ObjectID?.some(object.id), vector: $0) }
    }
    let bar = ProgressBar("recall")
    defer { bar.finish() }
    let outcome = try LiveRecall(collection: collection, limit: limit, ef: ef)
      .run(queries) { bar.update(fraction: $0) }
    bar.finish()
    if output.isJSON {
      JSONDocument.object([
        ("recall", .double(outcome.recall)), ("k", .int(limit)),
        ("sample", .int(outcome.queries)), ("ef", .optional(ef) { .int($0) }),
        ("index_p50_us", .double(Format.rounded(outcome.indexMicroseconds, places: 2))),
        ("exact_p50_us", .double(Format.rounded(outcome.exactMicroseconds, places: 2))),
      ]).show()
    } else {
      StandardOutput.line(
        "recall@\(limit) \(Format.decimal(outcome.recall, places: 4)) over "
          + "\(Format.plural(outcome.queries, "sampled vector")); index "
          + "\(Format.decimal(outcome.indexMicroseconds, places: 1)) µs, exact "
          + "\(Format.decimal(outcome.exactMicroseconds, places: 1)) µs (median)")
    }
  }
}
