import VectorMath

/// The part of the `parameters` section that says what the encoding is, between the fixed part and the bytes
/// of the encoding itself; not there for float32 and int8. Byte-exact description: FileFormat-Indexes.
enum EncodingRecord {
  static let byteCount = 32

  /// The bytes of a plan.
  static func serialized(_ plan: EncodingPlan) -> [UInt8] {
    var words = [UInt32](repeating: 0, count: byteCount / 4)
    words[0] = UInt32(plan.kind.rawValue)
    var seed: UInt64 = 0
    switch plan {
    case .float32, .float16, .binary, .bits: break
    case .int8(let limit), .int4(let limit): words[1] = UInt32(clamping: limit)
    case .pq(let product):
      words[1] = UInt32(clamping: product.trainingLimit)
      words[2] = UInt32(clamping: product.subvectors)
      words[3] = UInt32(clamping: product.centroids)
      words[4] = number(of: product.encoder)
      seed = product.seed
    case .rabitq(let bits, let rotation):
      words[5] = UInt32(clamping: bits)
      seed = rotation
    }
    words[6] = UInt32(truncatingIfNeeded: seed)
    words[7] = UInt32(truncatingIfNeeded: seed >> 32)
    return words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
  }

  /// Reads them; `nil` unless they are the record of an encoding of that kind.
  static func plan(_ bytes: UnsafeRawBufferPointer, kind: VectorEncodingKind) -> EncodingPlan? {
    guard bytes.count >= byteCount else { return nil }
    let words = (0..<byteCount / 4).map { index in
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }
    guard words[0] == UInt32(kind.rawValue) else { return nil }
    let limit = Int(words[1])
    let seed = UInt64(words[7]) << 32 | UInt64(words[6])
    let plan: EncodingPlan
    switch kind {
    case .float32: plan = .float32
    case .float16: plan = .float16
    case .int8: plan = .int8(trainingLimit: limit)
    case .int4: plan = .int4(trainingLimit: limit)
    case .binary: plan = .binary
    case .bits: plan = .bits
    case .rabitq: plan = .rabitq(bits: Int(words[5]), seed: seed)
    case .pq:
      guard let encoder = encoders.first(where: { number(of: $0) == words[4] }) else { return nil }
      plan = .pq(
        ProductPlan(
          subvectors: Int(words[2]), centroids: Int(words[3]), encoder: encoder,
          trainingLimit: limit, seed: seed))
    }
    return bytes.prefix(byteCount).elementsEqual(serialized(plan)) ? plan : nil
  }

  private static let encoders: [ProductEncoder] = [.kmeans, .tile(.normal), .tile(.logNormal)]

  private static func number(of encoder: ProductEncoder) -> UInt32 {
    switch encoder {
    case .kmeans: 0
    case .tile(.normal): 1
    case .tile(.logNormal): 2
    }
  }
}
