import ArgumentParser
import Seamstone

/// What `nearVector` of Weaviate's takes besides a vector and a limit.
struct BoundOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: "Only objects at most this far; all of them unless --k is given."
  )
  var distance: Float?

  @Option(help: "Only objects at least this certain, 0 to 1; for the metric cosine.")
  var certainty: Float?

  @Option(help: "Results passed over before the first.")
  var offset: Int?

  @Option(help: "End before this jump of the distance, counted from 1.")
  var autocut: Int?

  /// Whether anything was said.
  var isUsed: Bool { hasBound || offset != nil || autocut != nil }

  /// Whether results are bounded by how near they are.
  var hasBound: Bool { distance != nil || certainty != nil }

  func validate() throws {
    if distance != nil, certainty != nil {
      throw ValidationError("--distance and --certainty exclude each other.")
    }
    if let offset, offset < 0 { throw ValidationError("--offset must be 0 or more.") }
    if let autocut, autocut < 0 { throw ValidationError("--autocut must be 0 or more.") }
  }

  func query(_ vector: VectorValue, limit: Int?, ef: Int?, exact: Bool) -> NearVector {
    NearVector(
      value: vector, distance: distance, certainty: certainty, limit: limit, offset: offset ?? 0,
      autocut: autocut ?? 0, ef: ef, exact: exact)
  }
}
