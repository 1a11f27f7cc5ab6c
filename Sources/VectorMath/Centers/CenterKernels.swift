import CVectorKernels

/// The functions of one instruction set for nearest centres among 7-bit codes. All levels give the same
/// numbers.
///
/// - Note: `@unchecked Sendable` because the pointer names an immutable table that lives as long as the
///   process.
package struct CenterKernels: @unchecked Sendable {
  private let table: UnsafePointer<vk_center_table>

  /// The fastest level of this CPU.
  package static let best = level(Int.max)
  /// Every level that this build knows and this CPU has, as ``DistanceKernels/levels`` numbers them.
  package static var levels: [CenterKernels] { (0..<vk_level_count()).map { level($0) } }
  /// One level; the best one for a number beyond the last.
  package static func level(_ level: Int) -> CenterKernels {
    CenterKernels(table: vk_center_level(max(0, level)))
  }

  /// The table itself, for the types of this module.
  var functions: vk_center_table { table.pointee }

  /// The level's name.
  package var name: String { String(cString: table.pointee.name) }
}
