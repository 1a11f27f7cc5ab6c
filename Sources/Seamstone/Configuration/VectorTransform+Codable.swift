extension VectorTransform: Codable {
  private enum Key: String, CodingKey, CaseIterable { case kind, dimensions, subvectors }

  /// Reads `{"kind": "pca", "dimensions": 64}`, `{"kind": "opq", "subvectors": 16, "dimensions": 64}`, or a ``description`` as
  /// `pca:64`.
  public init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      guard let found = VectorTransform(text) else {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: decoder.codingPath,
            debugDescription: "\"\(text)\" is no transform: none, pca:D, opq:M or opq:M:D"))
      }
      self = found
      return
    }
    let container = try decoder.strictContainer(keyedBy: Key.self)
    let kind = try container.decode(String.self, forKey: .kind)
    let dimensions = try container.decodeIfPresent(Int.self, forKey: .dimensions)
    let subvectors = try container.decodeIfPresent(Int.self, forKey: .subvectors)
    func refusal(_ key: Key, _ reason: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: reason)
    }
    switch kind {
    case "none":
      if dimensions != nil { throw refusal(.dimensions, "dimensions does not go with none") }
      if subvectors != nil { throw refusal(.subvectors, "subvectors does not go with none") }
      self = .none
    case "pca":
      if subvectors != nil { throw refusal(.subvectors, "subvectors does not go with pca") }
      guard let dimensions else { throw refusal(.kind, "pca needs dimensions") }
      self = .pca(dimensions: dimensions)
    case "opq":
      guard let subvectors else { throw refusal(.kind, "opq needs subvectors") }
      self = .opq(subvectors: subvectors, dimensions: dimensions)
    default:
      let remedy = NearestName.remedy(for: kind, among: VectorTransform.names)
      throw refusal(.kind, "unknown transform \"\(kind)\". \(remedy)")
    }
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .kind)
    switch self {
    case .none: break
    case .pca(let dimensions): try container.encode(dimensions, forKey: .dimensions)
    case .opq(let subvectors, let dimensions):
      try container.encode(subvectors, forKey: .subvectors)
      try container.encodeIfPresent(dimensions, forKey: .dimensions)
    }
  }
}
