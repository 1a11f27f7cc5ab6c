import CVectorKernels

/// The functions of one instruction set for nearest centroids and product quantisation. All levels give
/// the same bits.
///
/// - Note: `@unchecked Sendable` because the pointer names an immutable table that lives as long as the
///   process.
package struct ProductKernels: @unchecked Sendable {
  private let table: UnsafePointer<vk_pq_table>

  /// The fastest level of this CPU.
  package static let best = level(Int.max)
  /// Every level that this build knows and this CPU has, as ``DistanceKernels/levels`` numbers them.
  package static var levels: [ProductKernels] { (0..<vk_level_count()).map { level($0) } }
  /// One level; the best one for a number beyond the last.
  package static func level(_ level: Int) -> ProductKernels {
    ProductKernels(table: vk_pq_level(max(0, level)))
  }

  /// The table itself, for the types of this module.
  var functions: vk_pq_table { table.pointee }

  /// The level's name: `scalar`, `avx2` or `avx512vnni`.
  package var name: String { String(cString: table.pointee.name) }

  /// The number of columns that the kernels want for so many centroids.
  static func width(_ centroids: Int) -> Int {
    let block = Int(VK_PQ_WIDTH)
    return (centroids + block - 1) / block * block
  }

  /// The kernels' arrangement of centroids that lie one after the other: component by component, columns
  /// without a centroid infinite, so that they are nearest to nothing.
  static func columns(_ centroids: UnsafeBufferPointer<Float>, dimensions: Int) -> [Float] {
    let count = centroids.count / max(1, dimensions)
    let width = width(count)
    var columns = [Float](repeating: .infinity, count: width * dimensions)
    for centroid in 0..<count {
      for component in 0..<dimensions {
        columns[component * width + centroid] = centroids[centroid * dimensions + component]
      }
    }
    return columns
  }
}
