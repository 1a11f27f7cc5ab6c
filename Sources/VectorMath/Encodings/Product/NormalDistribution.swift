#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The standard normal distribution.
enum NormalDistribution {
  /// The probability of at most `x`.
  static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// The number that is exceeded with probability `1 − p`, for `p` in 0...1, to about 1e-15 of itself:
  /// P. J. Acklam's rational approximation (2003, error below 1.15e-9) and one step of Halley's method.
  static func quantile(_ p: Double) -> Double {
    guard p > 0 else { return -.infinity }
    guard p < 1 else { return .infinity }
    let x = approximateQuantile(p)
    let error = (cumulative(x) - p) * (2 * Double.pi).squareRoot() * exp(x * x / 2)
    return x - error / (1 + x * error / 2)
  }

  private static func approximateQuantile(_ p: Double) -> Double {
    let tail = 0.02425
    if p < tail { return lowerTail((-2 * log(p)).squareRoot()) }
    if p > 1 - tail { return -lowerTail((-2 * log(1 - p)).squareRoot()) }
    let q = p - 0.5
    let numerator = polynomial(
      [
        -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
        1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00,
      ], q * q)
    let denominator = polynomial(
      [
        -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
        6.680131188771972e+01, -1.328068155288572e+01, 1,
      ], q * q)
    return q * numerator / denominator
  }

  private static func lowerTail(_ q: Double) -> Double {
    let numerator = polynomial(
      [
        -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
        -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00,
      ], q)
    let denominator = polynomial(
      [
        7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
        3.754408661907416e+00, 1,
      ], q)
    return numerator / denominator
  }

  /// Highest power first.
  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }
}
