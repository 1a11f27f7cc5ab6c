import CVectorKernels

/// Stores a vector as one byte for each of its subvectors: the number of the nearest of up to 256 centroids
/// (Jégou, Douze, Schmid 2011). A query stays as it is: its distances to all centroids of a subvector are
/// tabulated once, and the distance of a row is the sum of the entries that its codes name.
///
/// A row takes ``subvectors`` bytes; the codebook that all rows of a segment share takes
/// `2 · dimensions · centroids` bytes (four times `dimensions · centroids` where half precision would cost
/// accuracy). Serves cosine (vectors are normalised first), dot, l2-squared and manhattan; the centroids
/// are those of squared distances for all of them. Distances are those of the decoded vector up to
/// rounding; how far that is from the original depends on the data, so the best candidates want rescoring.
package struct ProductQuantizer: RowEncoding {
  package let metric: Metric
  package let dimensions: Int
  /// The number of parts that a vector is cut into, all equally long.
  package let subvectors: Int
  /// The number of centroids of each subvector.
  package let centroids: Int
  /// How centroids and codes come about.
  package let encoder: ProductEncoder
  /// The encoders of all components; empty unless ``encoder`` is the tile encoder.
  let tiles: [TileEncoder]
  /// Whether all components of centroids are numbers of half precision, and kept as such.
  package let isHalfPrecision: Bool
  /// The kernels' arrangement of the centroids, subvector by subvector.
  let codebook: [Float]
  let kernels: ProductKernels

  /// The numbers of centroids that a byte can tell apart.
  package static let legalCentroids = 2...Int(VK_PQ_ENTRIES)

  /// The components of a subvector.
  package var length: Int { dimensions / subvectors }

  /// A quantiser with centroids chosen by ``KMeans``, `columns` in the kernels' arrangement.
  init(
    metric: Metric, dimensions: Int, subvectors: Int, centroids: Int, columns: [Float],
    isHalfPrecision: Bool, kernels: ProductKernels = .best
  ) {
    self.metric = metric
    self.dimensions = dimensions
    self.subvectors = subvectors
    self.centroids = centroids
    encoder = .kmeans
    tiles = []
    self.isHalfPrecision = isHalfPrecision
    codebook = columns
    self.kernels = kernels
  }

  /// A quantiser of one tile encoder for each component, all of the same distribution and bins.
  init(
    metric: Metric, tiles: [TileEncoder], distribution: TileDistribution, bins: Int,
    kernels: ProductKernels = .best
  ) {
    self.metric = metric
    dimensions = tiles.count
    subvectors = tiles.count
    centroids = bins
    encoder = .tile(distribution)
    self.tiles = tiles
    isHalfPrecision = false
    codebook = tiles.flatMap { tile in
      tile.centroids.withUnsafeBufferPointer { ProductKernels.columns($0, dimensions: 1) }
    }
    self.kernels = kernels
  }

  /// The same quantiser on another level; its bytes, codes and keys are the same.
  package func using(_ kernels: ProductKernels) -> ProductQuantizer {
    guard case .tile(let distribution) = encoder else {
      return ProductQuantizer(
        metric: metric, dimensions: dimensions, subvectors: subvectors, centroids: centroids,
        columns: codebook, isHalfPrecision: isHalfPrecision, kernels: kernels)
    }
    return ProductQuantizer(
      metric: metric, tiles: tiles, distribution: distribution, bins: centroids, kernels: kernels)
  }

  /// Columns of the codebook: the centroids, rounded up as the kernels want them.
  var width: Int { ProductKernels.width(centroids) }

  /// One component of one centroid.
  func component(_ component: Int, ofCentroid centroid: Int, subvector: Int) -> Float {
    codebook[(subvector * length + component) * width + centroid]
  }

  /// Writes the vector that a row stands for (for cosine about the normalised one), `dimensions` floats;
  /// codes without a centroid, which only damage can leave, as zeroes.
  package func decode(_ row: UnsafeRawPointer, into vector: UnsafeMutablePointer<Float>) {
    for subvector in 0..<subvectors {
      let code = Int(row.load(fromByteOffset: subvector, as: UInt8.self))
      for position in 0..<length {
        vector[subvector * length + position] =
          code < centroids ? component(position, ofCentroid: code, subvector: subvector) : 0
      }
    }
  }
}
