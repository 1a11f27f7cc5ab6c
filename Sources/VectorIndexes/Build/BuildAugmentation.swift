import StorageIO
import VectorMath

/// The extra coordinate of each node for dot products; nothing for other metrics.
final class BuildAugmentation {
  let view: Augmentation
  /// The nodes of the largest norms, largest first: most queries find most of their answers among
  /// these or near them, and a walk from the one entry point has far to go to get there.
  let largest: [UInt32]
  private static let largestCount = 256
  private let memory: AnonymousMemory?

  /// Computes the coordinate of the first `count` rows. For codes it comes from the codes, not from the
  /// originals: sums of integers, so that all CPUs agree, and consistent with the distances between
  /// codes.
  init(_ rows: EncodedRows, count: Int) throws(StoreError) {
    guard rows.codec.metric == .dot, count > 0 else {
      view = .none
      largest = []
      memory = nil
      return
    }
    let squares = (0..<count).map { Self.square(rows, $0) }
    let ranked = (0..<UInt32(count)).sorted {
      let (a, b) = (squares[Int($0)], squares[Int($1)])
      return a != b ? a > b : $0 < $1
    }
    largest = Array(ranked.prefix(Self.largestCount))
    let most = squares.max() ?? 0
    let memory = try AnonymousMemory(count: count * 4, purpose: "norms")
    if rows.codec.quantizer != nil {
      let values = memory.bound(to: Int32.self)
      for i in 0..<count {
        let value = max(0, most - squares[i]).squareRoot().rounded()
        values[i] = Int32(min(value, 30_000))
      }
      view = .integers(UnsafePointer(values))
    } else {
      let values = memory.bound(to: Float.self)
      for i in 0..<count { values[i] = Float(max(0, most - squares[i]).squareRoot()) }
      view = .floats(UnsafePointer(values))
    }
    self.memory = memory
  }

  /// The squared norm, in units of code steps for codes.
  private static func square(_ rows: EncodedRows, _ index: Int) -> Double {
    let dimensions = rows.codec.dimensions
    if let map = rows.codec.quantizer?.map {
      let codes = rows.row(index).assumingMemoryBound(to: UInt8.self)
      var sum = 0
      var squares = 0
      for i in 0..<dimensions {
        let code = Int(codes[i])
        sum &+= code
        squares &+= code &* code
      }
      let origin = Double(map.firstMiddle) / Double(map.step)
      return Double(dimensions) * origin * origin + 2 * origin * Double(sum) + Double(squares)
    }
    let row = rows.row(index).assumingMemoryBound(to: Float.self)
    return Double(DistanceKernels.best.floatDot(row, row, dimensions))
  }
}
