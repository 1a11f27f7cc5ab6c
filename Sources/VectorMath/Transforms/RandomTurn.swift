/// A random rotation: random numbers made orthogonal, row after row (Gram and Schmidt, each twice).
struct RandomTurn {
  let size: Int
  /// Row after row.
  let rows: [Double]

  /// The same seed gives the same bits on every platform: no logarithm is used.
  init(size: Int, seed: UInt64) {
    self.size = size
    var random = SeededRandom(seed: seed)
    var rows = [Double](repeating: 0, count: size * size)
    rows.withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for row in 0..<size {
        let target = base + row * size
        repeat { Self.draw(target, size, &random) } while !Self.straighten(base, row, size)
      }
    }
    self.rows = rows
  }

  /// Sums of four even numbers, about normal.
  private static func draw(
    _ target: UnsafeMutablePointer<Double>, _ size: Int, _ random: inout SeededRandom
  ) {
    for index in 0..<size {
      var sum = -2.0
      for _ in 0..<4 { sum += Double(random.next() >> 11) * 0x1p-53 }
      target[index] = sum
    }
  }

  /// Takes the rows before off a row and scales it to length 1; false where nothing is left of it.
  private static func straighten(
    _ base: UnsafeMutablePointer<Double>, _ row: Int, _ size: Int
  ) -> Bool {
    let target = base + row * size
    for _ in 0..<2 {
      for other in 0..<row {
        let known = base + other * size
        let product = Tridiagonal.dot(target, known, 0..<size)
        for index in 0..<size { target[index] -= product * known[index] }
      }
      var square = 0.0
      for index in 0..<size { square += target[index] * target[index] }
      guard square > 1e-12 else { return false }
      let scale = 1 / square.squareRoot()
      for index in 0..<size { target[index] *= scale }
    }
    return true
  }

  /// Writes the rotated rows of `source` from a row on, each `columns` long.
  func rotate(_ source: [[Double]], columns: Int, into matrix: inout [Float]) {
    var sums = [Double](repeating: 0, count: columns)
    for row in 0..<size {
      for column in 0..<columns { sums[column] = 0 }
      sums.withUnsafeMutableBufferPointer { sums in
        for (index, vector) in source.enumerated() {
          let weight = rows[row * size + index]
          vector.withUnsafeBufferPointer { vector in
            for column in 0..<columns { sums[column] += weight * vector[column] }
          }
        }
      }
      matrix.append(contentsOf: sums.map { Float($0) })
    }
  }
}
