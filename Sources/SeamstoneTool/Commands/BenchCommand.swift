import ArgumentParser
import Seamstone
import SeamstoneImport
import VectorFiles

/// `bench`: recall, queries per second and latency at several beam widths, in one process.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure recall and speed at several beam widths.",
    discussion: """
      An answer counts as right when its true distance is not worse than that of the k-th id in the \
      truth. Judging reads originals; without --truth only the speed is measured. Queries are loaded \
      first; every point begins with one pass over all queries to warm up.
      """)

  @OptionGroup var place: CollectionArguments

  @Option(help: "A file of query vectors.", completion: .file())
  var queries: String

  @Option(
    help: "The true neighbours: row numbers in an .ivecs file. Without it recall is not judged.",
    completion: .file())
  var truth: String?

  @Option(name: .customLong("k"), help: "Results for each query.")
  var limit = 10

  @Option(help: ArgumentHelp("Beam widths.", valueName: "A,B,C"))
  var ef = BeamList.sweep

  @Option(help: "Threads that ask queries.")
  var threads = 1

  @Option(help: "Seconds for each beam width.")
  var seconds = 2.0

  @Option(name: .customLong("start-id"), help: "The id of row 0 of the truth.")
  var firstID: Int64 = 0

  @Option(
    help: "The vectors that the truth's row numbers mean, if they are not in the collection.",
    completion: .file())
  var base: String?

  @OptionGroup var output: JSONOption

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--k must be 1 or more.") }
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads must be between 1 and 256.")
    }
    guard seconds > 0, seconds <= 3_600 else {
      throw ValidationError("--seconds must be more than 0 and at most 3,600.")
    }
  }

  func run() throws {
    let store = try place.location.openForReading(background: true)
    defer { store.close() }
    Settling.wait(for: store)
    let collection = try store.collection(place.collection)
    let shape = VectorShape(try collection.configuration())
    let vectors = try QueryReader.all(queries, shape: shape)
    guard !vectors.isEmpty else {
      throw ToolError(
        .badData, "\(queries) has no queries", remedy: "Name a file with one or more")
    }
    let neighbours = try truth.map { try trueNeighbours($0, queries: vectors.count) }
    var measurements: [Measurement] = []
    let bar = ProgressBar("bench")
    defer { bar.finish() }
    for beam in ef.beams {
      measurements.append(
        try SpeedTest(
          collection: collection, queries: vectors, limit: limit, ef: beam, threads: threads,
          seconds: seconds
        ).run())
      bar.update(fraction: Double(measurements.count) / Double(ef.beams.count))
    }
    bar.finish()
    let memory = MemoryFigures.now()
    let recalls = try neighbours.map {
      try RecallJudge(
        collection: collection, metric: try collection.configuration().metric, queries: vectors,
        truth: $0, limit: limit, firstID: firstID,
        base: try base.map { try OriginalsFile(path: $0, shape: shape) }
      ).recalls(of: measurements.map(\.answers))
    }
    // A hundred queries tell the mean well enough.
    let sample = Array(vectors.prefix(100))
    let effort = try measurements.map {
      try collection.meanDistances(near: sample, limit: limit, ef: $0.ef)
    }
    try show(measurements, recalls, effort, memory, store)
  }

  private func trueNeighbours(_ path: String, queries: Int) throws -> IntegerRows {
    let neighbours = try IntegerRows(path: path)
    guard neighbours.width >= limit, neighbours.rowCount >= queries else {
      throw ToolError(
        .badData,
        "\(path): \(neighbours.rowCount) rows of \(neighbours.width) numbers for "
          + "\(queries) queries and k \(limit)",
        remedy: "Give k or more true neighbours for each query, or a file with fewer queries")
    }
    return neighbours
  }

  private func show(
    _ measurements: [Measurement], _ recalls: [Double]?, _ effort: [Double],
    _ memory: MemoryFigures, _ store: Store
  ) throws {
    guard output.isJSON else {
      var table = TextTable([
        ("ef", .right), ("recall@\(limit)", .right), ("queries/s", .right), ("p50 µs", .right),
        ("p99 µs", .right),
      ])
      for (number, measurement) in measurements.enumerated() {
        table.append([
          "\(measurement.ef)", recalls.map { Format.decimal($0[number], places: 4) } ?? "–",
          Format.count(Int(measurement.queriesPerSecond)),
          Format.decimal(measurement.microseconds(0.5), places: 1),
          Format.decimal(measurement.microseconds(0.99), places: 1),
        ])
      }
      table.show()
      StandardOutput.line("memory: \(memory.description)")
      return
    }
    let points = zip(measurements, effort).enumerated().map { number, point in
      let (measurement, distances) = point
      return
        JSONDocument.object([
          ("ef", .int(measurement.ef)), ("recall", .optional(recalls?[number]) { .double($0) }),
          ("qps", .double(Format.rounded(measurement.queriesPerSecond, places: 1))),
          ("p50_us", .double(Format.rounded(measurement.microseconds(0.5), places: 2))),
          ("p99_us", .double(Format.rounded(measurement.microseconds(0.99), places: 2))),
          ("distances", .double(Format.rounded(distances, places: 1))), ("threads", .int(threads)),
          ("queries", .int(measurement.count)),
        ])
    }
    let statistics = try store.statistics()
    let build = statistics.collections.first { $0.name == place.collection }
    JSONDocument.object([
      ("points", .array(points)),
      ("build", .optional(build) { StatisticsReport.document($0) }),
      ("memory", memory.document),
    ]).show()
  }
}
