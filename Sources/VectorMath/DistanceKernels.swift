import CVectorKernels

/// The distance functions of one instruction set of this CPU.
///
/// Integer kernels return the same numbers on every level; float kernels differ between levels in the
/// last bits, but on one level equal inputs give equal bits, in single and batch form, at any alignment.
///
/// - Note: `@unchecked Sendable` because the pointer names an immutable table that lives as long as the
///   process.
package struct DistanceKernels: @unchecked Sendable {
  private let table: UnsafePointer<vk_table>

  /// The fastest level of this CPU.
  package static let best = level(Int.max)
  /// Every level that this build knows and this CPU has, `scalar` first, the best last.
  package static var levels: [DistanceKernels] { (0..<vk_level_count()).map { level($0) } }
  /// One level; the best one for a number beyond the last.
  package static func level(_ level: Int) -> DistanceKernels {
    DistanceKernels(table: vk_level(max(0, level)))
  }

  /// The table itself, for the types of this module.
  var functions: vk_table { table.pointee }

  /// The level's name: `scalar`, `avx2`, `avx512vnni`, `neon` or `neondot`.
  package var name: String { String(cString: table.pointee.name) }
}

extension DistanceKernels {
  /// Two code rows against each other; the number of bytes comes last.
  package typealias CodePair =
    @convention(c) (UnsafePointer<UInt8>, UnsafePointer<UInt8>, Int) -> UInt32
  /// Two float rows against each other; the number of components comes last.
  package typealias FloatPair =
    @convention(c) (UnsafePointer<Float>, UnsafePointer<Float>, Int) -> Float

  /// Float rows under a metric. For cosine both sides must be normalised; its keys are those of `−a·b`.
  package func floatBatch(_ metric: Metric) -> BatchKernel {
    switch metric {
    case .cosine, .dot: BatchKernel(functions.f32_dot_batch)
    case .l2Squared: BatchKernel(functions.f32_l2_batch)
    case .manhattan: BatchKernel(functions.f32_l1_batch)
    case .hamming: BatchKernel(functions.f32_unequal_batch)
    }
  }

  /// The distance that a key of ``floatBatch(_:)`` stands for.
  @inlinable
  package static func distance(ofFloatKey key: UInt32, metric: Metric) -> Float {
    switch metric {
    case .cosine: max(0, 1 + DistanceKey.float(of: key))
    case .dot, .l2Squared, .manhattan: DistanceKey.float(of: key)
    case .hamming: Float(key)
    }
  }

  /// Rows of 7-bit codes under a metric: squared differences for l2-squared and cosine (whose vectors are
  /// normalised before they are encoded), absolute ones for manhattan, `0x80000000 − c·q` with a
  /// signed query for dot; `nil` for hamming, which codes cannot answer.
  package func codeBatch(_ metric: Metric) -> BatchKernel? {
    switch metric {
    case .cosine, .l2Squared: BatchKernel(functions.u7_l2_batch)
    case .manhattan: BatchKernel(functions.u7_l1_batch)
    case .dot: BatchKernel(functions.u7_dot_batch)
    case .hamming: nil
    }
  }

  /// `Σ (aᵢ − bᵢ)²` of two rows of 7-bit codes.
  package var codeL2: CodePair { functions.u7_l2 }
  /// `Σ |aᵢ − bᵢ|` of two rows of 7-bit codes.
  package var codeL1: CodePair { functions.u7_l1 }
  /// `Σ aᵢ bᵢ` of 7-bit codes and a signed query in −127...127.
  package var codeDot: @convention(c) (UnsafePointer<UInt8>, UnsafePointer<Int8>, Int) -> Int32 {
    functions.u7_dot
  }
  /// `Σ aᵢ bᵢ`.
  package var floatDot: FloatPair { functions.f32_dot }
  /// `Σ (aᵢ − bᵢ)²`.
  package var floatL2: FloatPair { functions.f32_l2 }
  /// `Σ |aᵢ − bᵢ|`.
  package var floatL1: FloatPair { functions.f32_l1 }
  /// The number of components that differ.
  package var floatUnequal:
    @convention(c) (UnsafePointer<Float>, UnsafePointer<Float>, Int) -> UInt32
  { functions.f32_unequal }

  /// Which of some keys, 64 at most, are not above a bar: `(keys, count, bar)`, bit i for key i.
  package typealias Below =
    @convention(c) (UnsafePointer<UInt32>, Int, UInt32) -> UInt64
  /// Tells the few keys of a scan that matter from the many that do not.
  package var below: Below { functions.below }

  /// Packed bits: the number of bits that differ. The kernels' dimensions are bytes.
  package var bitsHamming: CodePair { functions.bits_hamming }
  /// Packed bits in batches; dimensions are bytes.
  package var bitsBatch: BatchKernel {
    BatchKernel(functions.bits_hamming_batch, seek: functions.bits_hamming_seek)
  }
}
