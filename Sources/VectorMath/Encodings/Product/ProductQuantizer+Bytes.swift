extension ProductQuantizer {
  private static let headerBytes = 16
  private static let version: UInt8 = 1

  /// What stands in the header for the encoder.
  private static func code(of encoder: ProductEncoder) -> UInt8 {
    switch encoder {
    case .kmeans: 0
    case .tile(.normal): 1
    case .tile(.logNormal): 2
    }
  }

  /// Bytes of a centroid's component; 0 for the tile encoder, which keeps none.
  private var componentBytes: UInt8 {
    encoder == .kmeans ? (isHalfPrecision ? 2 : 4) : 0
  }

  /// The quantiser as it is kept in a segment, little-endian.
  ///
  /// Version 1 (1 byte), encoder (1: 0 k-means, 1 tile normal, 2 tile log-normal), bytes of a component (1:
  /// 2, 4, or 0 for tile), metric code (1), dimensions (4), subvectors (4), centroids (4). Then for k-means
  /// the centroids, subvector by subvector and centroid by centroid, components in binary16 or binary32;
  /// for tile for each component the number of values (8) and as binary64 their sum, sum of squares,
  /// mean and standard deviation (8 each).
  package var bytes: [UInt8] {
    var bytes = [Self.version, Self.code(of: encoder), componentBytes]
    bytes.append(UInt8(truncatingIfNeeded: metric.fileCode))
    for number in [dimensions, subvectors, centroids] {
      Self.append(UInt32(clamping: number), to: &bytes)
    }
    if encoder == .kmeans { appendCentroids(to: &bytes) }
    for tile in tiles {
      Self.append(UInt64(tile.count), to: &bytes)
      for number in [tile.sum, tile.sumOfSquares, tile.mean, tile.deviation] {
        Self.append(number.bitPattern, to: &bytes)
      }
    }
    return bytes
  }

  private func appendCentroids(to bytes: inout [UInt8]) {
    for subvector in 0..<subvectors {
      for centroid in 0..<centroids {
        for position in 0..<length {
          let value = component(position, ofCentroid: centroid, subvector: subvector)
          if isHalfPrecision {
            Self.append(HalfPrecision.bits(of: value) ?? 0, to: &bytes)
          } else {
            Self.append(value.bitPattern, to: &bytes)
          }
        }
      }
    }
  }

  /// Reads ``bytes``; `nil` unless they are a quantiser for this metric and these dimensions that ``bytes``
  /// could have written.
  package init?(bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int) {
    guard bytes.count > Self.headerBytes, bytes[0] == Self.version,
      bytes[3] == UInt8(truncatingIfNeeded: metric.fileCode),
      Self.word(bytes, at: 4) == dimensions,
      let encoder: ProductEncoder = [.kmeans, .tile(.normal), .tile(.logNormal)].first(
        where: { Self.code(of: $0) == bytes[1] })
    else { return nil }
    let subvectors = Self.word(bytes, at: 8)
    let centroids = Self.word(bytes, at: 12)
    guard
      Self.failure(
        metric: metric, dimensions: dimensions, subvectors: subvectors, centroids: centroids,
        encoder: encoder) == nil
    else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: bytes[Self.headerBytes...])
    if case .tile(let distribution) = encoder {
      guard bytes[2] == 0,
        let tiles = Self.tiles(body, count: dimensions, distribution, bins: centroids)
      else { return nil }
      self.init(metric: metric, tiles: tiles, distribution: distribution, bins: centroids)
    } else {
      guard bytes[2] == 2 || bytes[2] == 4,
        let columns = Self.columns(
          body, componentBytes: Int(bytes[2]), subvectors: subvectors,
          length: dimensions / subvectors, centroids: centroids)
      else { return nil }
      self.init(
        metric: metric, dimensions: dimensions, subvectors: subvectors, centroids: centroids,
        columns: columns, isHalfPrecision: bytes[2] == 2)
    }
  }

  private static func columns(
    _ body: UnsafeRawBufferPointer, componentBytes: Int, subvectors: Int, length: Int,
    centroids: Int
  ) -> [Float]? {
    let clusterBytes = length * centroids * componentBytes
    guard body.count == subvectors * clusterBytes else { return nil }
    var columns: [Float] = []
    columns.reserveCapacity(subvectors * length * ProductKernels.width(centroids))
    for subvector in 0..<subvectors {
      var cluster: [Float] = []
      cluster.reserveCapacity(length * centroids)
      for offset in stride(from: 0, to: clusterBytes, by: componentBytes) {
        let place = subvector * clusterBytes + offset
        let value =
          componentBytes == 2
          ? HalfPrecision.value(
            of: UInt16(littleEndian: body.loadUnaligned(fromByteOffset: place, as: UInt16.self)))
          : Float(
            bitPattern: UInt32(
              littleEndian: body.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
        guard let value, value.isFinite else { return nil }
        cluster.append(value)
      }
      cluster.withUnsafeBufferPointer {
        columns += ProductKernels.columns($0, dimensions: length)
      }
    }
    return columns
  }

  private static func tiles(
    _ body: UnsafeRawBufferPointer, count: Int, _ distribution: TileDistribution, bins: Int
  ) -> [TileEncoder]? {
    let tileBytes = 40
    guard body.count == count * tileBytes else { return nil }
    var tiles: [TileEncoder] = []
    tiles.reserveCapacity(count)
    for index in 0..<count {
      let words = (0..<5).map { word in
        UInt64(
          littleEndian: body.loadUnaligned(
            fromByteOffset: index * tileBytes + word * 8, as: UInt64.self))
      }
      let sum = Double(bitPattern: words[1])
      let sumOfSquares = Double(bitPattern: words[2])
      guard words[0] > 0, words[0] <= UInt64(Int32.max), sum.isFinite, sumOfSquares.isFinite,
        sumOfSquares >= 0
      else { return nil }
      let tile = TileEncoder(
        distribution: distribution, bins: bins, count: Int(words[0]), sum: sum,
        sumOfSquares: sumOfSquares)
      // Mean and deviation follow from the sums, so they have to be the ones written.
      guard tile.mean.bitPattern == words[3], tile.deviation.bitPattern == words[4],
        tile.deviation.isFinite
      else { return nil }
      tiles.append(tile)
    }
    return tiles
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
    Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  private static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
