import TestSupport
import Testing
import VectorMath

/// Eigenvectors of matrices whose eigenvectors are known, and of any others by what defines them.
@Suite struct SymmetricEigenTests {
  private func random(_ size: Int, rank: Int? = nil, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    let factors = (0..<(rank ?? size) * size).map { _ in Double(generator.gaussian()) }
    var matrix = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0..<size {
        for factor in 0..<(rank ?? size) {
          matrix[row * size + column] +=
            factors[factor * size + row] * factors[factor * size + column]
        }
      }
    }
    return matrix
  }

  /// The largest deviation from being vectors of length 1 at right angles that the matrix only stretches by their values.
  private func error(_ eigen: SymmetricEigen, _ matrix: [Double]) -> Double {
    let size = eigen.size
    func row(_ index: Int) -> ArraySlice<Double> {
      eigen.vectors[index * size..<(index + 1) * size]
    }
    let scale = max(1, eigen.values.map(abs).max() ?? 1)
    var worst = 0.0
    for a in 0..<size {
      for b in 0...a {
        let product = zip(row(a), row(b)).reduce(0) { $0 + $1.0 * $1.1 }
        worst = max(worst, abs(product - (a == b ? 1 : 0)))
      }
      for component in 0..<size {
        let stretched = zip(row(a), matrix[component * size..<(component + 1) * size])
          .reduce(0) { $0 + $1.0 * $1.1 }
        let wanted = eigen.values[a] * row(a)[a * size + component]
        worst = max(worst, abs(stretched - wanted) / scale)
      }
    }
    return worst
  }

  @Test func matricesWhoseValuesAreKnown() {
    let two = SymmetricEigen([2, 1, 1, 2], size: 2)
    #expect(zip(two.values, [3, 1]).allSatisfy { abs($0 - $1) < 1e-14 })
    let half = 0.5.squareRoot()
    #expect(zip(two.vectors, [half, half, half, -half]).allSatisfy { abs($0 - $1) < 1e-14 })
    // The second differences of five points: 2 - 2 cos(kπ/6).
    let size = 5
    var chain = [Double](repeating: 0, count: 25)
    for index in 0..<size {
      chain[index * size + index] = 2
      if index > 0 {
        chain[index * size + index - 1] = -1
        chain[(index - 1) * size + index] = -1
      }
    }
    let root = 3.0.squareRoot()
    let wanted = [2 + root, 3, 2, 1, 2 - root]
    let found = SymmetricEigen(chain, size: size)
    #expect(zip(found.values, wanted).allSatisfy { abs($0 - $1) < 1e-13 }, "\(found.values)")
    #expect(error(found, chain) < 1e-13)
    #expect(SymmetricEigen([7], size: 1).values == [7])
    #expect(SymmetricEigen([3, 0, 0, 0, 9, 0, 0, 0, -1], size: 3).values == [9, 3, -1])
  }

  @Test(arguments: [(2, nil), (3, nil), (17, nil), (40, nil), (40, 3), (24, 1)] as [(Int, Int?)])
  func anyMatrixIsStretchedAlongItsVectors(_ size: Int, _ rank: Int?) {
    let matrix = random(size, rank: rank, seed: 5)
    let eigen = SymmetricEigen(matrix, size: size)
    #expect(error(eigen, matrix) < 1e-11)
    #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 >= $1 })
    if let rank { #expect(eigen.values[rank...].allSatisfy { abs($0) < 1e-10 }) }
  }

  @Test func itEndsWhenItIsCancelled() {
    let matrix = random(30, seed: 7)
    var asked = 0
    let eigen = SymmetricEigen(matrix, size: 30) {
      asked += 1
      return asked > 9
    }
    #expect(!eigen.isFinished && asked < 14)
    #expect(SymmetricEigen(matrix, size: 30).isFinished)
  }

  @Test func extremesAreNoTrouble() {
    for scale in [0, 1e-300, 1e-150, 1e150, 1e300] {
      let matrix = random(12, seed: 6).map { $0 * scale / 100 }
      let eigen = SymmetricEigen(matrix, size: 12)
      #expect(eigen.values.allSatisfy(\.isFinite) && eigen.vectors.allSatisfy(\.isFinite))
      let scaled = matrix.map { scale == 0 ? 0 : $0 / scale }
      let own = SymmetricEigen(scaled, size: 12)
      #expect(error(own, scaled) < 1e-11)
    }
  }
}
