/// The metrics in 64 bits, for the rare vectors whose sums leave the range of `Float`. Slow and simple.
enum Wide {
  /// ‖a‖.
  static func length(_ a: UnsafePointer<Float>, _ count: Int) -> Double {
    dot(a, a, count).squareRoot()
  }

  /// a·b.
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
    sum(a, b, count) { $0 * $1 }
  }

  /// The distance of `b` from a prepared query `a` (normalised for cosine).
  static func distance(
    _ metric: Metric, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int
  ) -> Double {
    switch metric {
    case .cosine:
      let length = length(b, count)
      return length == 0 ? 1 : max(0, 1 - dot(a, b, count) / length)
    case .dot: return 0 - dot(a, b, count)
    case .l2Squared: return sum(a, b, count) { ($0 - $1) * ($0 - $1) }
    case .manhattan: return sum(a, b, count) { abs($0 - $1) }
    case .hamming: return sum(a, b, count) { $0 != $1 ? 1 : 0 }
    }
  }

  /// The nearest finite `Float`, so that no distance is infinite.
  static func finite(_ value: Double) -> Float {
    let limit = Double(Float.greatestFiniteMagnitude)
    return Float(min(max(value, -limit), limit))
  }

  private static func sum(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int,
    _ term: (Double, Double) -> Double
  ) -> Double {
    let a = UnsafeRawPointer(a)
    let b = UnsafeRawPointer(b)
    var total = 0.0
    for offset in stride(from: 0, to: count * 4, by: 4) {
      let x = a.loadUnaligned(fromByteOffset: offset, as: Float.self)
      let y = b.loadUnaligned(fromByteOffset: offset, as: Float.self)
      total += term(Double(x), Double(y))
    }
    return total
  }
}
