import CVectorKernels

/// The kernels of rows of codes and of float16 for one instruction set of this CPU.
///
/// All levels give the same codes; the keys of codes are the same on every level too, those of float16
/// differ in the last bits.
///
/// - Note: `@unchecked Sendable` because the pointer names an immutable table that lives as long as the
///   process.
package struct CodeKernels: @unchecked Sendable {
  private let table: UnsafePointer<vk_code_table>

  /// The fastest level of this CPU.
  package static let best = level(Int.max)
  /// Every level, numbered as those of ``DistanceKernels/levels``.
  package static var levels: [CodeKernels] { (0..<vk_level_count()).map { level($0) } }
  /// One level; the best one for a number beyond the last.
  package static func level(_ level: Int) -> CodeKernels {
    CodeKernels(table: vk_code_level(max(0, level)))
  }

  /// The level's name.
  package var name: String { String(cString: table.pointee.name) }

  var functions: vk_code_table { table.pointee }
}
