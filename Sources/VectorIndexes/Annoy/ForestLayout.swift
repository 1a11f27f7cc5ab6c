/// The section `kind` of a forest: what is needed to find one's way in the other sections of the trees. Byte-exact
/// description: FileFormat-Indexes.
struct ForestLayout: Equatable {
  static let version: UInt32 = 1
  /// The bytes before the roots.
  static let byteCount = 48

  var seed: UInt64 = 0
  var leafRows = 0
  /// Splits of all trees.
  var splitCount = 0
  /// Words of the section `leaves`.
  var wordCount = 0
  /// Bytes from plane to plane; 0 without planes.
  var planeStride = 0
  /// What each tree begins with.
  var roots: [TreeReference] = []

  /// The bytes of the section.
  func serialized() -> [UInt8] {
    var words = [UInt32](repeating: 0, count: Self.byteCount / 4)
    words[0] = Self.version
    words[1] = UInt32(clamping: roots.count)
    words[2] = UInt32(truncatingIfNeeded: seed)
    words[3] = UInt32(truncatingIfNeeded: seed >> 32)
    words[4] = UInt32(clamping: leafRows)
    words[5] = UInt32(clamping: splitCount)
    words[6] = UInt32(clamping: wordCount)
    words[7] = UInt32(clamping: planeStride)
    return (words + roots.map(\.rawValue)).flatMap { word in
      withUnsafeBytes(of: word.littleEndian) { Array($0) }
    }
  }

  init() {}

  /// Reads the section; `nil` when the bytes cannot be one. Whether the other sections are long enough is
  /// checked by the caller.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= Self.byteCount else { return nil }
    func word(_ index: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }
    let trees = Int(word(1))
    guard word(0) == Self.version, AnnoyParameters.treeRange.contains(trees),
      bytes.count >= Self.byteCount + trees * 4
    else { return nil }
    seed = UInt64(word(3)) << 32 | UInt64(word(2))
    leafRows = Int(word(4))
    splitCount = Int(word(5))
    wordCount = Int(word(6))
    planeStride = Int(word(7))
    guard leafRows > 0, splitCount <= TreeReference.limit, wordCount <= TreeReference.limit else {
      return nil
    }
    roots = (0..<trees).map { TreeReference(rawValue: word(Self.byteCount / 4 + $0)) }
  }
}
