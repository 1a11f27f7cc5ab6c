/// The eigenvectors of a symmetric matrix, by Householder reflections to a tridiagonal one and QL iterations with implicit
/// shifts (Golub and Van Loan, "Matrix Computations", 8.3; Bowdler, Martin, Reinsch and Wilkinson, 1968).
///
/// One thread and a fixed order of operations: the same matrix gives the same bits everywhere. The vectors are products of
/// reflections and rotations, so they are at right angles whatever the matrix is.
package struct SymmetricEigen: Sendable {
  /// Rows and columns.
  package let size: Int
  /// The eigenvalues, largest first.
  package let values: [Double]
  /// Their vectors, of length 1, row after row. The component of the largest magnitude (the first of several) is positive.
  package let vectors: [Double]

  /// False where the caller cancelled it: nothing else means anything then.
  package let isFinished: Bool

  /// Iterations for one eigenvalue; two or three are usual. What has not converged by then is taken as it is.
  private static let mostIterations = 60

  /// Decomposes `matrix`, row after row, all of it given and finite.
  package init(_ matrix: [Double], size: Int, isCancelled: () -> Bool = { false }) {
    self.size = size
    var tridiagonal = Tridiagonal(matrix, size: size, isCancelled: isCancelled)
    Self.diagonalize(&tridiagonal, isCancelled)
    isFinished = !isCancelled()
    let found = tridiagonal
    let order = (0..<size).sorted {
      found.diagonal[$0] != found.diagonal[$1]
        ? found.diagonal[$0] > found.diagonal[$1] : $0 < $1
    }
    values = order.map { found.diagonal[$0] * found.scale }
    var vectors: [Double] = []
    vectors.reserveCapacity(size * size)
    for row in order {
      let vector = found.basis[row * size..<(row + 1) * size]
      var largest = 0.0
      for value in vector where abs(value) > abs(largest) { largest = value }
      vectors += largest < 0 ? vector.map { -$0 } : Array(vector)
    }
    self.vectors = vectors
  }

  /// QL iterations: rotates rows of the basis until nothing is left beside the diagonal.
  private static func diagonalize(_ matrix: inout Tridiagonal, _ isCancelled: () -> Bool) {
    let size = matrix.size
    for row in 0..<size {
      if isCancelled() { return }
      for _ in 0..<mostIterations {
        var end = row
        while end + 1 < size, !matrix.isSmall(end) { end += 1 }
        if end == row { break }
        sweep(&matrix, from: row, through: end)
      }
    }
  }

  /// One iteration with the shift of Wilkinson, on the rows of an undivided block.
  private static func sweep(_ matrix: inout Tridiagonal, from row: Int, through end: Int) {
    let gap = (matrix.diagonal[row + 1] - matrix.diagonal[row]) / (2 * matrix.beside[row])
    let root = (gap * gap + 1).squareRoot()
    var g =
      matrix.diagonal[end] - matrix.diagonal[row] + matrix.beside[row]
      / (gap + (gap < 0 ? -root : root))
    var (sine, cosine, shift) = (1.0, 1.0, 0.0)
    for index in (row..<end).reversed() {
      let f = sine * matrix.beside[index]
      let b = cosine * matrix.beside[index]
      let r = (f * f + g * g).squareRoot()
      matrix.beside[index + 1] = r
      if r == 0 {
        matrix.diagonal[index + 1] -= shift
        matrix.beside[end] = 0
        return
      }
      sine = f / r
      cosine = g / r
      g = matrix.diagonal[index + 1] - shift
      let turned = (matrix.diagonal[index] - g) * sine + 2 * cosine * b
      shift = sine * turned
      matrix.diagonal[index + 1] = g + shift
      g = cosine * turned - b
      matrix.rotate(index, sine: sine, cosine: cosine)
    }
    matrix.diagonal[row] -= shift
    matrix.beside[row] = g
    matrix.beside[end] = 0
  }
}
