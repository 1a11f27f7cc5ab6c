import TestSupport
import VectorFiles

/// Small random vectors, and the files they come in.
struct VectorFixture {
  let rows: [[Float]]

  /// Whole numbers from 0 to 255, so that every format can hold them.
  init(count: Int, dimensions: Int, seed: UInt64 = 7) {
    var generator = SeededGenerator(seed: seed)
    rows = (0..<count).map { _ in
      (0..<dimensions).map { _ in Float(UInt8.random(in: 0...255, using: &generator)) }
    }
  }

  /// .fvecs, .npy or .ivecs.
  func write(_ path: String) throws -> String {
    let writer = try VectorFileWriter(path: path, dimensions: rows[0].count)
    for row in rows { try writer.append(row) }
    try writer.finish()
    return path
  }

  /// The bytes of a .bvecs file.
  var byteRows: [UInt8] {
    rows.flatMap { row in
      withUnsafeBytes(of: Int32(row.count).littleEndian, Array.init) + row.map { UInt8($0) }
    }
  }

  /// JSON lines with text ids and a property.
  var lines: [String] {
    rows.enumerated().map { number, row in
      let vector = row.map { "\($0)" }.joined(separator: ",")
      return
        #"{"id":"r\#(number)","vector":[\#(vector)],"parity":"\#(number % 2 == 0 ? "even" : "odd")"}"#
    }
  }

  /// The numbers of the `k` nearest rows by squared distance.
  func nearest(_ query: [Float], _ k: Int) -> [Int] {
    let distances = rows.map { row in
      zip(row, query).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    return Array(rows.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(k))
  }
}
