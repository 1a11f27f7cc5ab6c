import StorageIO

/// The fixed part of the `parameters` section: everything that is needed to find one's way in the
/// other sections. Byte-exact description: FileFormat-Indexes.
struct IndexLayout: Equatable {
  static let byteCount = 128
  static let version: UInt32 = 1
  /// Of segments whose rows are transformed: who does not know transforms must not take them for others.
  static let transformedVersion: UInt32 = 2
  static let maxLevels = NodeLevels.maxLevel + 1

  /// Bytes from row to row in the codes (or rows) section.
  var rowStride = 0
  /// Bytes from row to row in the residuals section; 0 without one.
  var residualStride = 0
  /// Rows that are graph nodes; the others hang on one with the same codes.
  var nodeCount = 0
  /// Whether the encoded rows stand for the originals exactly.
  var reproducesOriginals = false
  /// Whether some component lay outside the range of the codes.
  var hasClipped = false
  /// Whether rows are floats because int8 codes, which were asked for, could not tell these vectors apart.
  var standsInForCodes = false
  /// Bytes of a DocID in the docIDs section, 4 or 8.
  var docIDWidth = 8
  /// Graph parameters; `m` 0 for flat segments.
  var m = 0
  var efConstruction = 0
  var seed: UInt64 = 0
  var alpha = 0
  /// Most links in a row of layer 0, and u32 from row to row.
  var baseDegree = 0
  var baseStride = 0
  /// The same for upper layers.
  var upperStride = 0
  /// Components of a row, where a transform makes rows of vectors; 0 without one.
  var transformedDimensions = 0
  /// Nodes of each layer, from layer 0.
  var levelCounts: [Int] = []

  /// The bytes of the fixed part.
  func serialized() -> [UInt8] {
    var bytes: [UInt8] = []
    func put(_ value: Int) {
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian) {
        bytes.append(contentsOf: $0)
      }
    }
    put(Int(transformedDimensions > 0 ? Self.transformedVersion : Self.version))
    put(rowStride)
    put(residualStride)
    put(nodeCount)
    put((reproducesOriginals ? 1 : 0) | (hasClipped ? 2 : 0) | (standsInForCodes ? 4 : 0))
    put(docIDWidth)
    put(m)
    put(efConstruction)
    withUnsafeBytes(of: seed.littleEndian) { bytes.append(contentsOf: $0) }
    put(alpha)
    put(baseDegree)
    put(baseStride)
    put(upperStride)
    put(levelCounts.count)
    put(transformedDimensions)
    for level in 0..<Self.maxLevels { put(level < levelCounts.count ? levelCounts[level] : 0) }
    return bytes
  }

  init() {}

  /// Reads the fixed part. `nil` when the bytes cannot be one: too short, another version, numbers
  /// that contradict each other. Whether the sections are long enough is checked by the caller.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= Self.byteCount else { return nil }
    func word(_ index: Int) -> Int {
      Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
    }
    switch UInt32(word(0)) {
    case Self.version: break
    case Self.transformedVersion:
      transformedDimensions = word(15)
      guard transformedDimensions > 0 else { return nil }
    default: return nil
    }
    rowStride = word(1)
    residualStride = word(2)
    nodeCount = word(3)
    reproducesOriginals = word(4) & 1 != 0
    hasClipped = word(4) & 2 != 0
    standsInForCodes = word(4) & 4 != 0
    docIDWidth = word(5)
    m = word(6)
    efConstruction = word(7)
    seed = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self))
    alpha = word(10)
    baseDegree = word(11)
    baseStride = word(12)
    upperStride = word(13)
    let levels = word(14)
    guard levels <= Self.maxLevels, docIDWidth == 4 || docIDWidth == 8 else { return nil }
    levelCounts = (0..<levels).map { word(16 + $0) }
    guard zip(levelCounts, levelCounts.dropFirst()).allSatisfy({ $0 >= $1 }),
      levelCounts.allSatisfy({ $0 > 0 }), nodeCount <= PoolEntry.maxRows
    else { return nil }
    guard !levelCounts.isEmpty else { return }
    guard levelCounts[0] == nodeCount, HNSWParameters.mRange.contains(m), baseDegree == 2 * m,
      baseStride >= baseDegree, upperStride >= m, baseStride <= 4096, upperStride <= 4096
    else { return nil }
  }
}
