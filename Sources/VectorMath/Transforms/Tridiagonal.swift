/// A symmetric matrix that was made tridiagonal by reflections, and what turns vectors of it into those of the first matrix.
struct Tridiagonal {
  let size: Int
  /// What the matrix was divided by, so that no square leaves the range.
  let scale: Double
  var diagonal: [Double]
  /// The numbers beside the diagonal: that at `i` is in rows `i` and `i + 1`. The last one is 0.
  var beside: [Double]
  /// The basis in which the matrix is tridiagonal, row after row.
  private(set) var basis: [Double]

  init(_ matrix: [Double], size: Int, isCancelled: () -> Bool) {
    self.size = size
    let largest = matrix.reduce(0) { max($0, abs($1)) }
    let scale = largest > 0 ? largest : 1
    self.scale = scale
    var work = matrix.map { $0 / scale }
    diagonal = [Double](repeating: 0, count: size)
    beside = [Double](repeating: 0, count: size)
    basis = [Double](repeating: 0, count: size * size)
    var factors = [Double](repeating: 0, count: size)
    work.withUnsafeMutableBufferPointer { work in
      guard let base = work.baseAddress else { return }
      for column in 0..<max(0, size - 2) {
        if isCancelled() { return }
        factors[column] = Self.reflect(base, size, column, &beside)
      }
      for index in 0..<size { diagonal[index] = base[index * size + index] }
      if size > 1 { beside[size - 2] = base[(size - 2) * size + size - 1] }
      basis.withUnsafeMutableBufferPointer { basis in
        if let out = basis.baseAddress { Self.accumulate(base, factors, size, out) }
      }
    }
  }

  /// Makes zeroes of row and column `column` but for the number beside the diagonal; the reflection's vector stays in the row.
  /// Returns its factor: the reflection is 1 - factor · v · vᵀ.
  private static func reflect(
    _ base: UnsafeMutablePointer<Double>, _ size: Int, _ column: Int, _ beside: inout [Double]
  ) -> Double {
    let first = column + 1
    let vector = base + column * size
    var square = 0.0
    for index in first..<size { square += vector[index] * vector[index] }
    var rest = square - vector[first] * vector[first]
    if rest < 0 { rest = 0 }
    guard rest > 0, square > 1e-280 else {
      beside[column] = vector[first]
      return 0
    }
    let length = vector[first] > 0 ? -square.squareRoot() : square.squareRoot()
    beside[column] = length
    vector[first] -= length
    let factor = 2 / (rest + vector[first] * vector[first])
    var products = [Double](repeating: 0, count: size)
    products.withUnsafeMutableBufferPointer { products in
      guard let product = products.baseAddress else { return }
      var overlap = 0.0
      for row in first..<size {
        let sum = dot(base + row * size, vector, first..<size)
        product[row] = factor * sum
        overlap += product[row] * vector[row]
      }
      let half = factor / 2 * overlap
      for row in first..<size { product[row] -= half * vector[row] }
      for row in first..<size {
        let (a, b) = (vector[row], product[row])
        let target = base + row * size
        for index in first..<size { target[index] -= a * product[index] + b * vector[index] }
      }
    }
    return factor
  }

  /// The product of all reflections, transposed: rows are vectors of the basis.
  private static func accumulate(
    _ base: UnsafeMutablePointer<Double>, _ factors: [Double], _ size: Int,
    _ out: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<size { out[index * size + index] = 1 }
    for column in (0..<max(0, size - 2)).reversed() where factors[column] != 0 {
      let vector = base + column * size
      for row in column + 1..<size {
        let target = out + row * size
        let weight = factors[column] * dot(target, vector, column + 1..<size)
        for index in column + 1..<size { target[index] -= weight * vector[index] }
      }
    }
  }

  /// A product of two vectors, in four sums.
  static func dot(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ range: Range<Int>
  ) -> Double {
    var sums = SIMD4<Double>()
    var index = range.lowerBound
    while index + 4 <= range.upperBound {
      sums +=
        SIMD4(a[index], a[index + 1], a[index + 2], a[index + 3])
        * SIMD4(b[index], b[index + 1], b[index + 2], b[index + 3])
      index += 4
    }
    var sum = (sums[0] + sums[1]) + (sums[2] + sums[3])
    while index < range.upperBound {
      sum += a[index] * b[index]
      index += 1
    }
    return sum
  }

  /// Whether the number beside the diagonal counts for nothing.
  func isSmall(_ index: Int) -> Bool {
    let size = abs(diagonal[index]) + abs(diagonal[index + 1])
    return abs(beside[index]) <= Double.ulpOfOne * max(size, 1e-16)
  }

  /// Rotates rows `index` and `index + 1` of the basis.
  mutating func rotate(_ index: Int, sine: Double, cosine: Double) {
    basis.withUnsafeMutableBufferPointer { basis in
      guard let first = basis.baseAddress else { return }
      let low = first + index * size
      let high = low + size
      for column in 0..<size {
        let (a, b) = (low[column], high[column])
        high[column] = sine * a + cosine * b
        low[column] = cosine * a - sine * b
      }
    }
  }
}
