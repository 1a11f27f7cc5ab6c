import VectorMath

extension IVFCentroids {
  static let version: UInt32 = 1
  static let headerBytes = 128

  /// Where the parts begin, for so many lists and groups.
  struct Offsets {
    let codes = IVFCentroids.headerBytes
    let groupCodes: Int
    let means: Int
    let groupStarts: Int
    let end: Int

    init(lists: Int, groups: Int, stride: Int, coarseDimensions: Int) {
      func aligned(_ offset: Int) -> Int { (offset + 63) / 64 * 64 }
      groupCodes = aligned(codes + lists * stride)
      means = aligned(groupCodes + groups * stride)
      groupStarts = aligned(means + coarseDimensions * 4)
      end = groupStarts + (groups > 0 ? (groups + 1) * 4 : 0)
    }
  }

  /// The bytes, little-endian.
  var bytes: [UInt8] {
    let groups = max(0, groupStarts.count - 1)
    let offsets = Offsets(
      lists: count, groups: groups, stride: stride, coarseDimensions: space.coarseDimensions)
    var words = [UInt32](repeating: 0, count: Self.headerBytes / 4)
    words[0] = Self.version
    words[1] = UInt32(count)
    words[2] = UInt32(groups)
    words[3] = UInt32(space.coarseDimensions)
    words[4] = UInt32(stride)
    words[5] = UInt32(clamping: parameters.lists)
    words[6] = UInt32(clamping: parameters.trainingLimit)
    words[7] = space.holdsBits ? 1 : 0
    words[8] = UInt32(truncatingIfNeeded: parameters.seed)
    words[9] = UInt32(truncatingIfNeeded: parameters.seed >> 32)
    words[10] = space.map.lowest.bitPattern
    words[11] = space.map.step.bitPattern
    words[12] = space.length.bitPattern
    words[13] = training.distortion.bitPattern
    words[14] = training.imbalance.bitPattern
    var bytes: [UInt8] = []
    bytes.reserveCapacity(offsets.end)
    func put(_ word: UInt32) {
      withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
    func pad(to offset: Int) {
      bytes.append(contentsOf: repeatElement(0, count: offset - bytes.count))
    }
    for word in words { put(word) }
    bytes += codes
    pad(to: offsets.groupCodes)
    bytes += groupCodes
    pad(to: offsets.means)
    for mean in space.means { put(mean.bitPattern) }
    pad(to: offsets.groupStarts)
    for start in groupStarts { put(start) }
    return bytes
  }

  /// Reads them; `nil` unless `bytes` could have written them.
  init?(
    bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int, holdsBits: Bool = false
  ) {
    guard
      let header = Header(bytes, metric: metric, dimensions: dimensions, holdsBits: holdsBits)
    else { return nil }
    let offsets = header.offsets
    parameters = header.parameters
    space = header.space
    training = header.training
    let stride = RowLayout.stride(bytes: header.space.coarseDimensions)
    codes = Array(bytes[offsets.codes..<offsets.codes + header.lists * stride])
    groupCodes = Array(bytes[offsets.groupCodes..<offsets.groupCodes + header.groups * stride])
    groupStarts =
      header.groups == 0
      ? [] : (0...header.groups).map { Self.word($0, bytes, at: offsets.groupStarts) }
    // No centroid may be in two groups, or in none.
    guard header.groups == 0 || groupStarts.first == 0,
      zip(groupStarts, groupStarts.dropFirst()).allSatisfy({ $0 <= $1 }),
      header.groups == 0 || groupStarts.last.map({ Int($0) }) == header.lists,
      bytes.elementsEqual(self.bytes)
    else { return nil }
  }

  static func word(_ index: Int, _ bytes: UnsafeRawBufferPointer, at offset: Int = 0) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + index * 4, as: UInt32.self))
  }

  /// Everything but the centroids themselves, checked against the length of the bytes.
  struct Header {
    let lists: Int
    let groups: Int
    let parameters: IVFParameters
    let space: CoarseSpace
    let training: ListFigures
    let offsets: Offsets

    /// `nil` for what cannot be centroids of such vectors.
    init?(_ bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int, holdsBits: Bool) {
      guard bytes.count >= IVFCentroids.headerBytes else { return nil }
      func word(_ index: Int) -> UInt32 { IVFCentroids.word(index, bytes) }
      func float(_ index: Int) -> Float { Float(bitPattern: word(index)) }
      let coarse = CoarseSpace.coarseDimensions(dimensions, metric)
      let stride = RowLayout.stride(bytes: coarse)
      lists = Int(word(1))
      groups = Int(word(2))
      guard word(0) == IVFCentroids.version, IVFParameters.listRange.contains(lists),
        groups <= lists, Int(word(3)) == coarse, Int(word(4)) == stride,
        word(7) == (holdsBits ? 1 : 0)
      else { return nil }
      offsets = Offsets(lists: lists, groups: groups, stride: stride, coarseDimensions: coarse)
      guard bytes.count == offsets.end else { return nil }
      parameters = IVFParameters(
        lists: Int(word(5)), trainingLimit: Int(word(6)),
        seed: UInt64(word(9)) << 32 | UInt64(word(8)))
      training = ListFigures(distortion: float(13), imbalance: float(14))
      let start = offsets.means
      let means = (0..<coarse).map { Float(bitPattern: IVFCentroids.word($0, bytes, at: start)) }
      let map = AffineMap(lowest: float(10), step: float(11))
      guard map.lowest.isFinite, map.step > 0, map.step.isFinite, map.step * 128 < .infinity,
        (256 / map.step).isFinite, float(12) >= 0, float(12).isFinite,
        training.distortion >= 0, training.imbalance >= 0, means.allSatisfy(\.isFinite)
      else { return nil }
      space = CoarseSpace(
        metric: metric, dimensions: dimensions, holdsBits: holdsBits, means: means,
        length: float(12), map: map)
    }
  }
}
