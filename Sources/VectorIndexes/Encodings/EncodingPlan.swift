import VectorMath

/// What a segment's rows are to be, or are: the encoding with everything that decides its rows.
package enum EncodingPlan: Sendable, Equatable {
  case float32
  case float16
  /// `trainingLimit` rows at most are looked at to choose the codes.
  case int8(trainingLimit: Int)
  case int4(trainingLimit: Int)
  case pq(ProductPlan)
  case binary
  /// The seed is that of the rotation.
  case rabitq(bits: Int, seed: UInt64)
  /// Packed bits as they are; of collections whose element type this is, and of no others.
  case bits

  /// Codes of a map chosen by the usual number of rows.
  package static let int8 = EncodingPlan.int8(trainingLimit: 100_000)
  /// Codes of a map chosen by the usual number of rows.
  package static let int4 = EncodingPlan.int4(trainingLimit: 100_000)

  /// The number in a segment's header.
  package var kind: VectorEncodingKind {
    switch self {
    case .float32: .float32
    case .float16: .float16
    case .int8: .int8
    case .int4: .int4
    case .pq: .pq
    case .binary: .binary
    case .rabitq: .rabitq
    case .bits: .bits
    }
  }

  /// What vectors have to be.
  package var elementType: ElementType { self == .bits ? .bits : .float32 }

  /// Whether rows of both mean the same: how many rows they were trained on, and by which seed, says
  /// nothing about how good they are.
  package func isInterchangeable(with other: EncodingPlan) -> Bool {
    switch (self, other) {
    case (.pq(let a), .pq(let b)):
      a.subvectors == b.subvectors && a.centroids == b.centroids && a.encoder == b.encoder
    case (.rabitq(let a, _), .rabitq(let b, _)): a == b
    default: kind == other.kind
    }
  }

  /// Fewer rows than this are stored as int8 instead: a codebook would take more than it saves, and
  /// there have to be as many rows as centroids.
  package var leastRows: Int {
    if case .pq(let plan) = self { max(Self.leastTrainedRows, plan.centroids) } else { 0 }
  }

  /// The least rows that a codebook is trained on.
  package static let leastTrainedRows = 1_000

  /// The plan for a segment of so many rows.
  package func applied(toRows rows: Int) -> EncodingPlan { rows < leastRows ? .int8 : self }

  /// Bytes of a row, about; the corrections that some encodings keep beside the codes are included.
  package func bytesPerRow(dimensions: Int) -> Int {
    switch self {
    case .float32: 4 * dimensions
    case .float16, .int8: 2 * dimensions
    case .int4: dimensions + 16
    case .pq(let plan): plan.subvectors
    case .binary: dimensions / 8 + 16
    case .rabitq(let bits, _): (dimensions + 256) * bits / 8 + 16
    case .bits: dimensions / 8
    }
  }
}

/// What decides the codes of product quantisation.
package struct ProductPlan: Sendable, Equatable {
  /// Parts of a vector; divides the dimensions.
  package var subvectors: Int
  /// Values of a part.
  package var centroids: Int
  /// How the values are chosen.
  package var encoder: ProductEncoder
  /// The most rows that they are chosen by.
  package var trainingLimit: Int
  /// The seed of the sample and of the first centroids.
  package var seed: UInt64

  /// A plan.
  package init(
    subvectors: Int, centroids: Int = 256, encoder: ProductEncoder = .kmeans,
    trainingLimit: Int = 100_000, seed: UInt64 = 100
  ) {
    self.subvectors = subvectors
    self.centroids = centroids
    self.encoder = encoder
    self.trainingLimit = trainingLimit
    self.seed = seed
  }
}

extension EncodingPlan: CustomStringConvertible {
  /// As configurations name it: `int8`, `pq(96x256)`, `rabitq(4)`.
  package var description: String {
    switch self {
    case .pq(let plan):
      let encoder =
        switch plan.encoder {
        case .kmeans: ""
        case .tile(.normal): ", tile normal"
        case .tile(.logNormal): ", tile log-normal"
        }
      return "pq(\(plan.subvectors)x\(plan.centroids)\(encoder))"
    case .rabitq(let bits, _): return "rabitq(\(bits))"
    default: return "\(kind)"
    }
  }
}
