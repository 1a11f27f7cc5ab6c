import CVectorKernels

/// How a component becomes a code of 4 bits and a finer half of 4 bits: one of up to 256 places on a straight line, in
/// cells of at most 16 places each.
///
/// Place p stands for `lowest + p · step`. A code names a cell, the finer half the place in it. Cells are narrow where
/// many components are, so that codes alone err little: each stands for the mean of what its cell holds, rounded to
/// one of the 128 levels that queries are compared by.
struct NibbleCells: Sendable, Equatable {
  static let count = 16
  /// No cell is wider: the finer half has 4 bits.
  static let widest = 16
  /// The highest level: differences are signed and unsigned bytes at once.
  static let highestLevel: Float = 127

  let lowest: Float
  let step: Float
  /// The last place.
  let top: Int
  /// The first place of each cell, ascending; codes that are not needed repeat the last one.
  let starts: [UInt8]
  /// What each code stands for, in levels.
  let levels: [UInt8]
  /// The code of each place.
  let codes: [UInt8]

  /// `nil` unless every place has a code and decodes to a finite number.
  init?(lowest: Float, step: Float, top: Int, starts: [UInt8], levels: [UInt8]) {
    guard lowest.isFinite, step.isFinite, AffineMap.steps.contains(Double(step)),
      (lowest + 255 * step).isFinite, (1...255).contains(top), starts.count == Self.count,
      levels.count == Self.count, levels.allSatisfy({ $0 <= UInt8(Self.highestLevel) }),
      starts[0] == 0
    else { return nil }
    for (code, start) in starts.enumerated() {
      let end = code + 1 < Self.count ? Int(starts[code + 1]) : top + 1
      guard (0...Self.widest).contains(end - Int(start)) else { return nil }
    }
    guard Int(starts[Self.count - 1]) <= top else { return nil }
    self.lowest = lowest
    self.step = step
    self.top = top
    self.starts = starts
    self.levels = levels
    codes = (0...255).map { place in
      UInt8((starts.lastIndex { Int($0) <= place } ?? 0))
    }
  }

  /// Cells for places that are used as often as `histogram` says (one number for each place up to the last): those of
  /// the least squared error, by dynamic programming over where cells end.
  init?(lowest: Float, step: Float, histogram: [Double]) {
    let places = histogram.count
    guard (2...256).contains(places) else { return nil }
    let ends = Self.ends(histogram)
    var starts: [UInt8] = []
    var levels: [UInt8] = []
    var start = 0
    for end in ends {
      starts.append(UInt8(start))
      levels.append(Self.level(histogram, start..<end))
      start = end
    }
    guard let lastStart = starts.last, let lastLevel = levels.last else { return nil }
    while starts.count < Self.count {
      starts.append(lastStart)
      levels.append(lastLevel)
    }
    self.init(lowest: lowest, step: step, top: places - 1, starts: starts, levels: levels)
  }

  /// The cells as the kernels take them.
  var functions: vk_cells {
    var cells = vk_cells()
    cells.lowest = lowest
    cells.step = step
    withUnsafeMutableBytes(of: &cells.starts) { $0.copyBytes(from: starts) }
    return cells
  }

  /// The width of a level.
  var levelStep: Double { Double(step) * Double(top) / Double(Self.highestLevel) }

  /// The component that a code alone stands for.
  func middle(_ code: UInt8) -> Double {
    Double(lowest) + Double(levels[Int(code)]) * levelStep
  }

  /// The nearest place of a component.
  @inline(__always)
  func place(of component: Float) -> Int {
    let place = (component - lowest) / step + 0.5
    return place > 0 ? place < Float(top) ? Int(place) : top : 0
  }

  /// Where cells end, at most ``count`` of them.
  private static func ends(_ histogram: [Double]) -> [Int] {
    let places = histogram.count
    var (sums, firsts, seconds) = ([0.0], [0.0], [0.0])
    for (place, share) in histogram.enumerated() {
      let value = Double(place)
      sums.append(sums[place] + share)
      firsts.append(firsts[place] + share * value)
      seconds.append(seconds[place] + share * value * value)
    }
    func cost(_ start: Int, _ end: Int) -> Double {
      let sum = sums[end] - sums[start]
      let first = firsts[end] - firsts[start]
      return sum > 0 ? max(0, seconds[end] - seconds[start] - first * first / sum) : 0
    }
    var best = [Double](repeating: .infinity, count: places + 1)
    best[0] = 0
    var previous: [[Int]] = []
    for _ in 0..<min(count, places) {
      var next = [Double](repeating: .infinity, count: places + 1)
      var from = [Int](repeating: 0, count: places + 1)
      for end in 1...places {
        for start in max(0, end - widest)..<end where best[start] < .infinity {
          let total = best[start] + cost(start, end)
          if total < next[end] { (next[end], from[end]) = (total, start) }
        }
      }
      best = next
      previous.append(from)
    }
    var ends = [places]
    for from in previous.reversed().dropLast() { ends.append(from[ends[ends.count - 1]]) }
    return ends.reversed()
  }

  /// The mean of a cell, in levels; its middle where nothing is in it.
  private static func level(_ histogram: [Double], _ cell: Range<Int>) -> UInt8 {
    var sum = 0.0
    var first = 0.0
    for place in cell {
      sum += histogram[place]
      first += histogram[place] * Double(place)
    }
    let mean = sum > 0 ? first / sum : Double(cell.lowerBound + cell.upperBound - 1) / 2
    return UInt8((mean * Double(highestLevel) / Double(histogram.count - 1)).rounded())
  }
}
