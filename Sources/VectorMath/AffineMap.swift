import CVectorKernels

/// How a component becomes a 7-bit code and an 8-bit residual: one straight line for a whole segment.
///
/// A component x has the position `p = round((x − lowest) · 256 / step)`, limited to 0...32767. Its code is
/// `p >> 8`, so that code c stands for the cell `lowest + c·step ..< lowest + (c + 1)·step` and, on
/// its own, for the cell's middle; its residual is `p & 255`, the place within the cell. Code and
/// residual together decode to `lowest + p · step / 256`.
///
/// One line for all dimensions keeps the order of squared and absolute differences: they are those of
/// the codes times `step²` and `step`.
package struct AffineMap: Sendable, Equatable {
  /// The component at position 0.
  package var lowest: Float
  /// The width of a code's cell.
  package var step: Float

  /// A map of 128 cells of `step` from `lowest` upwards.
  package init(lowest: Float, step: Float) {
    self.lowest = lowest
    self.step = step
  }

  /// The component in the middle of code 0's cell.
  package var firstMiddle: Float { lowest + 127.5 * (step / 256) }

  /// The map as the kernels take it. Dividing by 256 is exact.
  var functions: vk_map { vk_map(origin: lowest, fine: step / 256, inverse_fine: 256 / step) }
}

extension AffineMap {
  /// Cells narrower or wider than this would leave the range of `Float` somewhere in the arithmetic.
  static let steps: ClosedRange<Double> = 1e-30...1e37

  /// The map that puts `low` into the middle of the first cell and `high` into the middle of the last.
  /// Both are limited to half of `Float`'s range, so that every position decodes to a finite number.
  static func covering(_ low: Float, _ high: Float) -> AffineMap {
    let limit = 0.49 * Double(Float.greatestFiniteMagnitude)
    let low = max(Double(low), -limit)
    let high = min(Double(high), limit)
    let narrowest = max(steps.lowerBound, max(abs(low), abs(high)) * 1e-6)
    let step = min(max((high - low) / 127, narrowest), steps.upperBound)
    return AffineMap(lowest: Float(low - step / 2), step: Float(step))
  }

  /// The map that decodes whole numbers exactly: a cell is a power of two wide and every whole number
  /// a position. `nil` unless `low` and `high` are whole numbers at most 255 apart.
  static func coveringWholeNumbers(_ low: Float, _ high: Float) -> AffineMap? {
    let span = high - low
    guard span <= 255, abs(low) <= 65536, abs(high) <= 65536, low == low.rounded(),
      high == high.rounded()
    else { return nil }
    if span > 127 {
      // Two numbers to a cell. Bytes keep the range of their type, so that rows outside the sample fit.
      let first =
        if low >= 0 && high <= 255 {
          Float(0)
        } else if low >= -128 && high <= 127 {
          Float(-128)
        } else {
          low - ((255 - span) / 2).rounded(.down)
        }
      return AffineMap(lowest: first - 0.5, step: 2)
    }
    var step: Float = 1
    while step > 1 / 64 && span <= 127 * (step / 2) { step /= 2 }
    let reach = 127 * step
    let first =
      low >= 0 && high <= reach ? 0 : low - ((reach - span) / 2).rounded(.down)
    return AffineMap(lowest: first - step / 2, step: step)
  }
}
