import VectorMath

/// Uses an encoding on rows of any bytes.
struct EncodedRows {
  let encoding: any RowEncoding
  let bytes: [UInt8]
  private static let rows = 5

  init(encoding: any RowEncoding, _ bytes: [UInt8]) {
    self.encoding = encoding
    self.bytes = bytes
  }

  func check() {
    let vector = ExactMemory.vector(encoding.dimensions, bytes)
    let row = ExactMemory(count: encoding.rowBytes)
    encoding.encode(vector.floats, into: row.base)
    let query = ExactMemory(count: encoding.queryBytes, alignment: 64)
    encoding.prepare(query: vector.floats, into: query.base)
    let keys = ExactMemory(count: 4 * Self.rows, alignment: 4)
    let out = keys.base.assumingMemoryBound(to: UInt32.self)
    let any = ExactMemory(count: encoding.rowBytes * Self.rows)
    any.fill(bytes)
    // The last row is one that was encoded.
    if encoding.rowBytes > 0 {
      (any.base + encoding.rowBytes * (Self.rows - 1)).copyMemory(
        from: row.base, byteCount: row.count)
    }
    encoding.kernel.scan(
      query.base, any.base, encoding.rowBytes, Self.rows, encoding.kernelDimensions, out)
    let scanned = (0..<Self.rows).map { out[$0] }
    let ordinals: [UInt32] = [4, 0, 3, 1, 2]
    encoding.kernel.gather(
      query.base, any.base, encoding.rowBytes, ordinals, Self.rows, encoding.kernelDimensions, out)
    for (index, ordinal) in ordinals.enumerated() where out[index] != scanned[Int(ordinal)] {
      fatalError("row \(ordinal) has key \(out[index]) by gather, \(scanned[Int(ordinal)]) by scan")
    }
    for key in scanned {
      if encoding.distance(ofKey: key, query: query.base).isNaN { fatalError("a distance is NaN") }
    }
    if encoding.finerBytes > 0 { checkFiner(vector, any) }
  }

  /// Ranks the rows by finer halves of any bytes.
  private func checkFiner(_ vector: ExactMemory, _ rows: ExactMemory) {
    let finer = ExactMemory(count: encoding.finerBytes * Self.rows)
    finer.fill(bytes, from: 1)
    let row = ExactMemory(count: encoding.rowBytes)
    let last = ExactMemory(count: encoding.finerBytes)
    _ = encoding.encode(vector.floats, into: row.base, finer: last.base)
    (finer.base + encoding.finerBytes * (Self.rows - 1)).copyMemory(
      from: last.base, byteCount: last.count)
    let distances = ExactMemory(count: 4 * Self.rows, alignment: 4)
    let out = distances.base.assumingMemoryBound(to: Float.self)
    let query = ExactDistance(
      metric: encoding.metric,
      query: UnsafeBufferPointer(start: vector.floats, count: encoding.dimensions))
    let ordinals: [UInt32] = [4, 0, 3, 1, 2]
    ordinals.withUnsafeBufferPointer { ordinals in
      encoding.measure(
        FinerRows(
          rows: rows.base, stride: encoding.rowBytes, finer: finer.base,
          finerStride: encoding.finerBytes), ordinals, query: query, into: out
      ) { _, _ in }
    }
    for index in ordinals.indices where out[index].isNaN { fatalError("a finer distance is NaN") }
  }
}
