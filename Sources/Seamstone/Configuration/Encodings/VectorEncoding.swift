/// How a segment stores vectors for scoring. The originals are kept beside it, whatever the encoding, and the
/// best candidates are compared by them.
///
/// What goes with which metric, and the bytes of one vector of d components:
///
/// | Encoding | Bytes | Metrics |
/// |---|---|---|
/// | ``float32`` | 4·d | all |
/// | ``float16`` | 2·d | all but hamming |
/// | ``int8(_:)`` | 2·d | all but hamming |
/// | ``int4(_:)`` | d/2 | all but hamming |
/// | ``pq(_:)`` | one for each subvector | all but hamming |
/// | ``binary(_:)`` | d/8 | cosine, dot, l2-squared |
/// | ``rabitq(_:)`` | d, d/2 or d/8, and a few for corrections | cosine, dot, l2-squared |
///
/// Collections of packed bits (``ElementType/bits``) have an encoding of their own, ``bits``, and no other.
public enum VectorEncoding: Hashable, Sendable {
  /// Four bytes for each component.
  case float32
  /// Half-precision floats: two bytes for each component, relative error 2⁻¹¹.
  case float16
  /// One byte for each component, seven bits of code, and a second byte that refines the best candidates.
  case int8(ScalarConfiguration)
  /// Half a byte for each component.
  case int4(ScalarConfiguration)
  /// Product quantisation (Jégou, Douze, Schmid, 2011): one byte for each subvector, the number of the nearest
  /// of its centroids, which are trained for each segment.
  case pq(ProductConfiguration)
  /// One bit for each component.
  case binary(BinaryConfiguration)
  /// Codes of a randomly rotated vector with corrections that make its estimates unbiased (RaBitQ: Gao and
  /// Long, 2024). Needs no training.
  case rabitq(RaBitQConfiguration)
  /// Packed bits as they are: the one encoding of collections of ``ElementType/bits``.
  case bits
}

extension VectorEncoding {
  /// One byte for each component, and one that refines.
  public static func int8(
    trainingLimit: Int = ScalarConfiguration.defaultTrainingLimit,
    rescoreLimit: Int = ScalarConfiguration.defaultRescoreLimit
  ) -> VectorEncoding {
    .int8(ScalarConfiguration(trainingLimit: trainingLimit, rescoreLimit: rescoreLimit))
  }

  /// Half a byte for each component.
  public static func int4(
    trainingLimit: Int = ScalarConfiguration.defaultTrainingLimit,
    rescoreLimit: Int = ScalarConfiguration.defaultRescoreLimit
  ) -> VectorEncoding {
    .int4(ScalarConfiguration(trainingLimit: trainingLimit, rescoreLimit: rescoreLimit))
  }

  /// One byte for each subvector; 0 subvectors leaves their number to the dimensions.
  public static func pq(
    subvectors: Int = 0, centroids: Int = ProductConfiguration.defaultCentroids,
    trainingLimit: Int = ProductConfiguration.defaultTrainingLimit,
    encoder: ProductConfiguration.Encoder = .kmeans
  ) -> VectorEncoding {
    .pq(
      ProductConfiguration(
        subvectors: subvectors, centroids: centroids, trainingLimit: trainingLimit,
        encoder: encoder))
  }

  /// One bit for each component.
  public static func binary(rescoreLimit: Int? = nil) -> VectorEncoding {
    .binary(BinaryConfiguration(rescoreLimit: rescoreLimit))
  }

  /// 8, 4 or 1 bits for each component of the rotated vector.
  public static func rabitq(bits: Int = 8, rescoreLimit: Int? = nil) -> VectorEncoding {
    .rabitq(RaBitQConfiguration(bits: bits, rescoreLimit: rescoreLimit))
  }

  /// The name in configurations, for example `pq`.
  public var name: String {
    switch self {
    case .float32: "float32"
    case .float16: "float16"
    case .int8: "int8"
    case .int4: "int4"
    case .pq: "pq"
    case .binary: "binary"
    case .rabitq: "rabitq"
    case .bits: "bits"
    }
  }

  /// Every ``name``.
  public static let names = usual.map(\.name)

  /// One of each kind, with what is usual.
  static let usual: [VectorEncoding] = [
    .float32, .float16, .int8(), .int4(), .pq(), .binary(), .rabitq(), .bits,
  ]

  /// The encoding of that name with what is usual; nil for no name of an encoding.
  public init?(name: String) {
    guard let found = VectorEncoding.usual.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

extension VectorEncoding: CustomStringConvertible {
  /// The name, and what tells one of its kind from another: `int8`, `pq(96x256)`, `rabitq(4)`.
  public var description: String {
    switch self {
    case .float32, .float16, .int8, .int4, .binary, .bits: return name
    case .pq(let product):
      let shape =
        product.subvectors == 0
        ? "\(product.centroids) centroids" : "\(product.subvectors)x\(product.centroids)"
      let encoder = product.encoder == .kmeans ? "" : ", \(product.encoder)"
      return "\(name)(\(shape)\(encoder))"
    case .rabitq(let rotated): return "\(name)(\(rotated.bits))"
    }
  }
}
