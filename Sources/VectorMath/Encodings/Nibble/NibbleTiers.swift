import CVectorKernels

/// Rows of one map for all components, compared by 4 bits and ranked by 8: what ``NibbleQuantizer`` makes of vectors of
/// about the same size, for cosine and l2-squared.
///
/// Rows have no factors, so that 128 components are one cache line. Byte-like vectors (whole numbers at most 255 apart)
/// are decoded exactly by both halves.
struct NibbleTiers: Sendable {
  let metric: Metric
  let dimensions: Int
  let cells: NibbleCells
  /// What is taken from every vector first; `nil` for the origin, which whole numbers need.
  let center: [Float]?
  let kernels: CodeKernels

  var half: Int { (dimensions + 1) / 2 }
  private var partBytes: Int { (half + 63) / 64 * 64 }
  var queryBytes: Int { Int(VK_CODE_QUERY_DATA) + 2 * partBytes }

  func encode(
    _ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer,
    finer: UnsafeMutableRawPointer?
  ) -> EncodeOutcome {
    var outcome = EncodeOutcome(clipped: false, exact: decodesExactly)
    let codes = row.assumingMemoryBound(to: UInt8.self)
    let finer = finer?.assumingMemoryBound(to: UInt8.self)
    prepared(vector) { components in
      for index in 0..<dimensions {
        let place = cells.place(of: components[index])
        let code = cells.codes[place]
        let rest = UInt8(truncatingIfNeeded: place) &- cells.starts[Int(code)]
        if index < half {
          codes[index] = code
          finer?[index] = rest
        } else {
          codes[index - half] |= code << 4
          finer?[index - half] |= rest << 4
        }
        if place == cells.top {
          // A row with a component at the end of the map says of itself that it may be clipped.
          outcome.clipped = true
          if components[index] < cells.lowest + Float(place) * cells.step { outcome.exact = false }
        } else if cells.lowest + Float(place) * cells.step != components[index] {
          outcome.exact = false
        }
      }
    }
    return outcome
  }

  func prepare(query: UnsafePointer<Float>, into memory: UnsafeMutableRawPointer) {
    let data = (memory + Int(VK_CODE_QUERY_DATA)).assumingMemoryBound(to: UInt8.self)
    data.update(repeating: cells.levels[0], count: 2 * partBytes)
    (memory + Int(VK_LEVELS)).copyMemory(from: cells.levels, byteCount: NibbleCells.count)
    let highest = NibbleCells.highestLevel
    let inverse = highest / (cells.step * Float(cells.top))
    prepared(query) { components in
      for index in 0..<dimensions {
        let level = (components[index] - cells.lowest) * inverse + 0.5
        data[index < half ? index : index - half + partBytes] =
          level > 0 ? UInt8(min(level, highest)) : 0
      }
    }
  }

  func distance(ofKey key: UInt32) -> Float {
    let square = Double(key) * cells.levelStep * cells.levelStep
    return Wide.finite(metric == .cosine ? square / 2 : square)
  }

  func measure(
    _ rows: FinerRows, _ ordinals: UnsafeBufferPointer<UInt32>, query: ExactDistance,
    into distances: UnsafeMutablePointer<Float>, isWhole: (Int, Bool) -> Void
  ) {
    for ordinal in ordinals {
      let finer = rows.finer + Int(ordinal) &* rows.finerStride
      for offset in stride(from: 0, to: half, by: 64) { vk_prefetch(finer + offset) }
    }
    if decodesExactly {
      decode(rows, ordinals, query, distances, isWhole)
    } else {
      estimate(rows, ordinals, query, distances)
    }
  }

  /// Whether rows decode to vectors as they were given, and distances are those of the vectors.
  private var decodesExactly: Bool { center == nil && metric != .cosine }

  private func decode(
    _ rows: FinerRows, _ ordinals: UnsafeBufferPointer<UInt32>, _ query: ExactDistance,
    _ distances: UnsafeMutablePointer<Float>, _ isWhole: (Int, Bool) -> Void
  ) {
    var functions = cells.functions
    let unpack = kernels.functions.unpack
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, dimensions)) { floats in
      guard let floats = floats.baseAddress else { return }
      for (place, ordinal) in ordinals.enumerated() {
        let (row, finer) = rows.row(ordinal)
        let highest = unpack(row, finer, dimensions, &functions, floats)
        distances[place] = query.distance(to: floats)
        isWhole(place, highest < UInt32(cells.top))
      }
    }
  }

  /// Between unit vectors half of the squared distance errs less than 1 − q·x: what rows decode to is hardly ever of
  /// unit length.
  private func estimate(
    _ rows: FinerRows, _ ordinals: UnsafeBufferPointer<UInt32>, _ query: ExactDistance,
    _ distances: UnsafeMutablePointer<Float>
  ) {
    var functions = cells.functions
    let measure = kernels.functions.places_l2
    let share: Float = metric == .cosine ? 0.5 : 1
    let limit = Float.greatestFiniteMagnitude
    let inverse = 1 / cells.step
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, dimensions)) { places in
      guard let places = places.baseAddress else { return }
      for index in 0..<dimensions {
        let component = query.query[index] - (center?[index] ?? 0)
        places[index] = (component - cells.lowest) * inverse
      }
      for (place, ordinal) in ordinals.enumerated() {
        let (row, finer) = rows.row(ordinal)
        let sum = measure(row, finer, dimensions, &functions, places)
        let distance = sum * cells.step * cells.step * share
        distances[place] = distance < limit ? distance : limit
      }
    }
  }

  /// The components that codes are made of: normalised for cosine, relative to the centre.
  private func prepared(
    _ vector: UnsafePointer<Float>, _ body: (UnsafePointer<Float>) -> Void
  ) {
    if metric != .cosine, center == nil { return body(vector) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, dimensions)) { floats in
      guard let base = floats.baseAddress else { return }
      Normalization.copy(vector, count: dimensions, metric: metric, to: base)
      if let center { for index in 0..<dimensions { base[index] -= center[index] } }
      body(base)
    }
  }
}

extension NibbleTiers {
  /// The share of a vector's squared distance from `middle` that its codes miss.
  func relativeError(of vector: UnsafePointer<Float>, from middle: [Float]) -> Double? {
    var error = 0.0
    var square = 0.0
    prepared(vector) { components in
      for index in 0..<dimensions {
        let component = Double(components[index])
        let missed = component - cells.middle(cells.codes[cells.place(of: components[index])])
        let whole = component + Double(center?[index] ?? 0) - Double(middle[index])
        error += missed * missed
        square += whole * whole
      }
    }
    return square > 0 ? error / square : nil
  }
}
