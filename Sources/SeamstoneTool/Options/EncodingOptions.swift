import ArgumentParser
import Seamstone

/// The encodings that `--encoding` names.
enum EncodingChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
  case float32, float16, int8, int4, pq, binary, rabitq
}

/// How the centroids of `--encoding pq` are chosen.
enum EncoderChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
  case kmeans, tile
}

extension ProductConfiguration.Distribution: ExpressibleByArgument {}

/// How vectors are stored in the index.
struct EncodingOptions: ParsableArguments {
  @Option(
    name: .customLong("encoding"),
    help: "How vectors are stored: float32, float16, int8, int4, pq, binary or rabitq.")
  var kind: EncodingChoice?

  @Option(help: "pq: parts of a vector, and bytes it takes; 0 chooses by the dimensions.")
  var subvectors: Int?

  @Option(help: "pq: values of each part, 2 to 256.")
  var centroids: Int?

  @Option(help: "pq: how the values are chosen: kmeans or tile.")
  var encoder: EncoderChoice?

  @Option(help: "pq with tile: log-normal or normal.")
  var distribution: ProductConfiguration.Distribution?

  @Option(help: "pq, int8, int4: the most vectors of a segment that are trained on.")
  var trainingLimit: Int?

  @Option(help: "rabitq: bits of each component: 8, 4 or 1.")
  var bits: Int?

  @Option(help: "int8, int4, binary, rabitq: candidates compared by their originals; 0 for none.")
  var rescoreLimit: Int?

  /// Whether nothing was said.
  var isEmpty: Bool { kind == nil && !hasParameters }

  private var hasParameters: Bool {
    subvectors != nil || centroids != nil || encoder != nil || distribution != nil
      || trainingLimit != nil || bits != nil || rescoreLimit != nil
  }

  /// The encoding asked for; nil if the options say nothing about it. An option that does not go with the
  /// encoding is an error.
  /// - Parameter current: What holds where the options are silent.
  func encoding(from current: VectorEncoding) throws -> VectorEncoding? {
    guard !isEmpty else { return nil }
    var encoding = current
    if let kind, kind.rawValue != current.name, let named = VectorEncoding(name: kind.rawValue) {
      encoding = named
    }
    switch encoding {
    case .float32, .float16, .bits: try allow([], of: encoding)
    case .int8(let known):
      try allow(["training-limit", "rescore-limit"], of: encoding)
      encoding = .int8(changed(known))
    case .int4(let known):
      try allow(["training-limit", "rescore-limit"], of: encoding)
      encoding = .int4(changed(known))
    case .pq(let known):
      try allow(
        ["subvectors", "centroids", "encoder", "distribution", "training-limit"], of: encoding)
      encoding = .pq(try changed(known))
    case .binary(let known):
      try allow(["rescore-limit"], of: encoding)
      encoding = .binary(rescoreLimit: rescoreLimit ?? known.rescoreLimit)
    case .rabitq(let known):
      try allow(["bits", "rescore-limit"], of: encoding)
      encoding = .rabitq(
        bits: bits ?? known.bits, rescoreLimit: rescoreLimit ?? known.rescoreLimit)
    }
    return encoding
  }

  /// Refuses options that belong to another encoding.
  private func allow(_ names: Set<String>, of encoding: VectorEncoding) throws {
    let given: [(name: String, isGiven: Bool)] = [
      ("subvectors", subvectors != nil), ("centroids", centroids != nil),
      ("encoder", encoder != nil), ("distribution", distribution != nil),
      ("training-limit", trainingLimit != nil), ("bits", bits != nil),
      ("rescore-limit", rescoreLimit != nil),
    ]
    for (name, isGiven) in given where isGiven && !names.contains(name) {
      throw ValidationError("--\(name) does not go with the encoding \(encoding.name).")
    }
  }

  private func changed(_ known: ScalarConfiguration) -> ScalarConfiguration {
    ScalarConfiguration(
      trainingLimit: trainingLimit ?? known.trainingLimit,
      rescoreLimit: rescoreLimit ?? known.rescoreLimit)
  }

  private func changed(_ known: ProductConfiguration) throws -> ProductConfiguration {
    var product = known
    if let subvectors { product.subvectors = subvectors }
    if let centroids { product.centroids = centroids }
    if let trainingLimit { product.trainingLimit = trainingLimit }
    switch encoder {
    case .kmeans: product.encoder = .kmeans
    case .tile:
      if case .kmeans = known.encoder { product.encoder = .tile(.logNormal) }
    case nil: break
    }
    guard let distribution else { return product }
    guard case .tile = product.encoder else {
      throw ValidationError("--distribution belongs to --encoder tile.")
    }
    product.encoder = .tile(distribution)
    return product
  }
}
