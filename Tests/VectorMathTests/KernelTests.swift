import KernelCheck
import Testing
import VectorMath

/// The C kernels against naive definitions, at the edge of unreadable pages.
@Suite struct KernelTests {
  /// Every level of this CPU with slices of the dimensions, so that slices run side by side.
  static let slices: [(level: Int, dimensions: ClosedRange<Int>)] =
    DistanceKernels.levels.indices.flatMap { level in
      [1...400, 401...700, 701...900, 901...1100].map { (level, $0) }
    }

  @Test("Every kernel of every level does what its definition says", arguments: slices)
  func kernelsFollowTheirDefinitions(level: Int, dimensions: ClosedRange<Int>) {
    expectNone(seed: UInt64(20_260_101 + dimensions.lowerBound)) { seed, text, size in
      kernel_check(level, dimensions.lowerBound, dimensions.upperBound, seed, text, size)
    }
  }

  @Test(
    "Product quantisation's functions do what their definitions say",
    arguments: DistanceKernels.levels.indices)
  func productKernelsFollowTheirDefinitions(level: Int) {
    expectNone(seed: 20_260_102) { kernel_check_pq(level, $0, $1, $2) }
  }

  @Test("Nearest centres are what the definition says", arguments: DistanceKernels.levels.indices)
  func centerKernelsFollowTheirDefinition(level: Int) {
    expectNone(seed: 20_260_103) { center_check(level, $0, $1, $2) }
  }

  @Test("Vectors are multiplied as the definition says", arguments: DistanceKernels.levels.indices)
  func transformKernelsFollowTheirDefinition(level: Int) {
    expectNone(seed: 20_260_105) { transform_check(level, $0, $1, $2) }
  }

  @Test(
    "Many queries against many rows are what the definition says",
    arguments: DistanceKernels.levels.indices)
  func tileKernelsFollowTheirDefinition(level: Int) {
    expectNone(seed: 20_260_104) { tile_check(level, $0, $1, $2) }
  }

  /// Expects that a check finds no difference, and says the first one.
  private func expectNone(
    seed: UInt64, _ check: (UInt64, UnsafeMutablePointer<CChar>, Int) -> Int
  ) {
    var text = [CChar](repeating: 0, count: 256)
    let failures = check(seed, &text, text.count)
    let report = String(
      decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    #expect(failures == 0, "seed \(seed): \(report)")
  }

  @Test func levelsBeginWithScalarAndEndWithTheBest() {
    let names = DistanceKernels.levels.map(\.name)
    #expect(names.first == "scalar")
    #expect(names.last == DistanceKernels.best.name)
    #expect(Set(names).count == names.count)
    #expect(DistanceKernels.level(-1).name == "scalar")
  }
}
