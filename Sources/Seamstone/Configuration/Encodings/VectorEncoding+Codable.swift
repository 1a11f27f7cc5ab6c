extension VectorEncoding: Codable {
  fileprivate enum Key: String, CodingKey, CaseIterable {
    case kind, trainingLimit, rescoreLimit, subvectors, centroids, encoder, distribution, bits
  }

  /// The keys that go with each kind.
  private var keys: [Key] {
    switch self {
    case .float32, .float16, .bits: [.kind]
    case .int8, .int4: [.kind, .trainingLimit, .rescoreLimit]
    case .pq: [.kind, .subvectors, .centroids, .trainingLimit, .encoder, .distribution]
    case .binary: [.kind, .rescoreLimit]
    case .rabitq: [.kind, .bits, .rescoreLimit]
    }
  }

  /// Reads `{"kind": "pq", "subvectors": 96, …}`, or just the name of the kind. What is missing is as
  /// usual; a name that is not known, or that does not go with the kind, is an error.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self = try VectorEncoding.named(name, decoder.codingPath)
      return
    }
    let container = try decoder.strictContainer(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .kind)
    self = try VectorEncoding.named(name, container.codingPath + [Key.kind])
    let known = keys
    for key in Key.allCases where container.contains(key) && !known.contains(key) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container, debugDescription: "\(key.rawValue) does not go with \(name)")
    }
    switch self {
    case .float32, .float16, .bits: break
    case .int8: self = .int8(try ScalarConfiguration(container))
    case .int4: self = .int4(try ScalarConfiguration(container))
    case .pq: self = .pq(try ProductConfiguration(container))
    case .binary:
      self = .binary(rescoreLimit: try container.decodeIfPresent(Int.self, forKey: .rescoreLimit))
    case .rabitq:
      self = .rabitq(
        bits: try container.decodeIfPresent(Int.self, forKey: .bits) ?? 8,
        rescoreLimit: try container.decodeIfPresent(Int.self, forKey: .rescoreLimit))
    }
  }

  /// Writes every value; what has none but the name is written as the name.
  public func encode(to encoder: any Encoder) throws {
    if keys == [.kind] {
      var container = encoder.singleValueContainer()
      return try container.encode(name)
    }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .kind)
    switch self {
    case .float32, .float16, .bits: break
    case .int8(let scalar), .int4(let scalar):
      try container.encode(scalar.trainingLimit, forKey: .trainingLimit)
      try container.encode(scalar.rescoreLimit, forKey: .rescoreLimit)
    case .pq(let product):
      try container.encode(product.subvectors, forKey: .subvectors)
      try container.encode(product.centroids, forKey: .centroids)
      try container.encode(product.trainingLimit, forKey: .trainingLimit)
      switch product.encoder {
      case .kmeans: try container.encode("kmeans", forKey: .encoder)
      case .tile(let distribution):
        try container.encode("tile", forKey: .encoder)
        try container.encode(distribution.rawValue, forKey: .distribution)
      }
    case .binary(let binary):
      try container.encodeIfPresent(binary.rescoreLimit, forKey: .rescoreLimit)
    case .rabitq(let rotated):
      try container.encode(rotated.bits, forKey: .bits)
      try container.encodeIfPresent(rotated.rescoreLimit, forKey: .rescoreLimit)
    }
  }

  private static func named(_ name: String, _ path: [any CodingKey]) throws -> VectorEncoding {
    if let encoding = VectorEncoding(name: name) { return encoding }
    let remedy = NearestName.remedy(for: name, among: names)
    throw DecodingError.dataCorrupted(
      .init(codingPath: path, debugDescription: "unknown encoding \"\(name)\". \(remedy)"))
  }
}

extension ScalarConfiguration {
  fileprivate init(_ container: KeyedDecodingContainer<VectorEncoding.Key>) throws {
    self.init()
    trainingLimit = try container.decodeIfPresent(Int.self, forKey: .trainingLimit) ?? trainingLimit
    rescoreLimit = try container.decodeIfPresent(Int.self, forKey: .rescoreLimit) ?? rescoreLimit
  }
}

extension ProductConfiguration {
  fileprivate init(_ container: KeyedDecodingContainer<VectorEncoding.Key>) throws {
    self.init()
    subvectors = try container.decodeIfPresent(Int.self, forKey: .subvectors) ?? subvectors
    centroids = try container.decodeIfPresent(Int.self, forKey: .centroids) ?? centroids
    trainingLimit = try container.decodeIfPresent(Int.self, forKey: .trainingLimit) ?? trainingLimit
    let distribution = try container.decodeName(Distribution.self, forKey: .distribution)
    switch try container.decodeIfPresent(String.self, forKey: .encoder) ?? "kmeans" {
    case "kmeans":
      guard distribution == nil else {
        throw DecodingError.dataCorruptedError(
          forKey: .distribution, in: container,
          debugDescription: "distribution does not go with the encoder kmeans, only with tile")
      }
    case "tile": encoder = .tile(distribution ?? .logNormal)
    case let name:
      let remedy = NearestName.remedy(for: name, among: ["kmeans", "tile"])
      throw DecodingError.dataCorruptedError(
        forKey: .encoder, in: container, debugDescription: "unknown encoder \"\(name)\". \(remedy)")
    }
  }
}
