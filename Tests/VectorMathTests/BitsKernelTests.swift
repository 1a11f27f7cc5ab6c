import TestSupport
import Testing
import VectorMath

/// Counting the bits that differ, on every level, beside the definition: batches of every number of rows, for
/// every length up to a few cache lines and beyond.
@Suite struct BitsKernelTests {
  private func count(_ a: ArraySlice<UInt8>, _ b: [UInt8]) -> UInt32 {
    zip(a, b).reduce(0) { $0 + UInt32(($1.0 ^ $1.1).nonzeroBitCount) }
  }

  @Test func everyLengthAndStrideCountsAsDefined() {
    var random = SeededGenerator(seed: 12)
    for bytes in Array(1...70) + [96, 127, 128, 192, 256, 1_000] {
      for stride in Set([bytes, (bytes + 63) / 64 * 64, bytes + 3]) {
        let rows = 21
        var memory = [UInt8](repeating: 0xFF, count: rows * stride)
        let query = (0..<bytes).map { _ in UInt8.random(in: 0...255, using: &random) }
        for row in 0..<rows {
          for i in 0..<bytes {
            memory[row * stride + i] =
              row == 0 ? query[i] : row == 1 ? ~query[i] : .random(in: 0...255, using: &random)
          }
        }
        let wanted = (0..<rows).map { count(memory[$0 * stride..<$0 * stride + bytes], query) }
        #expect(wanted[0] == 0 && wanted[1] == UInt32(bytes) * 8)
        let ordinals = (0..<UInt32(rows)).map { ($0 * 8) % UInt32(rows) }
        for kernels in DistanceKernels.levels {
          var keys = [UInt32](repeating: .max, count: rows)
          for number in [0, 1, 3, 8, 9, 16, rows] {
            kernels.bitsBatch.scan(query, memory, stride, number, bytes, &keys)
            #expect(
              Array(keys[..<number]) == Array(wanted[..<number]),
              "\(kernels.name), \(bytes) bytes every \(stride), \(number) rows")
          }
          kernels.bitsBatch.gather(query, memory, stride, ordinals, rows, bytes, &keys)
          #expect(keys == ordinals.map { wanted[Int($0)] }, "\(kernels.name), \(bytes) bytes")
          for row in 0..<rows {
            let key = memory.withUnsafeBufferPointer { buffer in
              buffer.baseAddress.map { kernels.bitsHamming($0 + row * stride, query, bytes) }
            }
            #expect(key == wanted[row])
          }
        }
      }
    }
  }

  /// Rows whose keys are not above the bar, with their keys, as calls one after the other find them.
  private func sought(
    _ kernels: DistanceKernels, _ query: [UInt8], _ memory: [UInt8], stride: Int, count: Int,
    bar: UInt32
  ) throws -> [[UInt32]] {
    let seek = try #require(kernels.bitsBatch.seek)
    var keys = [UInt32](repeating: .max, count: BatchKernel.seekRows)
    var rows: [[UInt32]] = []
    var first = 0
    while first < count {
      var found: UInt64 = 0xAAAA
      let place = memory.withUnsafeBytes { bytes in
        bytes.baseAddress.map {
          seek(
            query, $0 + first * stride, stride, count - first, query.count, bar, &keys, &found)
        }
      }
      first += try #require(place)
      if found == 0 {
        #expect(first == count)
        break
      }
      for row in 0..<64 where found & 1 << UInt64(row) != 0 {
        rows.append([UInt32(first + row), keys[row]])
      }
      first += BatchKernel.seekRows
    }
    return rows
  }

  /// Every row that is near enough is found, with its key, wherever it lies among the others.
  @Test(arguments: [1, 8, 16, 31, 32, 33, 64, 100, 128, 192, 256])
  func seekingFindsWhatIsNotAboveTheBar(bytes: Int) throws {
    var random = SeededGenerator(seed: UInt64(bytes))
    let query = (0..<bytes).map { _ in UInt8.random(in: 0...255, using: &random) }
    for stride in Set([bytes, (bytes + 63) / 64 * 64, bytes + 3]) {
      let rows = 331
      var memory = [UInt8](repeating: 0xFF, count: rows * stride)
      for row in 0..<rows {
        // The query itself and its opposite; what is near to it is rare, so that groups without any lie between others.
        for i in 0..<bytes {
          let noise = UInt8.random(in: 0...255, using: &random) & (row % 100 == 7 ? 0x11 : 0xFF)
          memory[row * stride + i] =
            [5, 200, 329].contains(row) ? query[i] : row == 300 ? ~query[i] : query[i] ^ noise
        }
      }
      let keys = (0..<rows).map { count(memory[$0 * stride..<$0 * stride + bytes], query) }
      let sorted = keys.sorted()
      for kernels in DistanceKernels.levels {
        for number in [0, 1, 63, 64, 65, 128, 191, rows] {
          for bar in [0, 1, sorted[3], sorted[40], sorted[200], UInt32(bytes) * 8, .max] {
            let wanted = (0..<number).filter { keys[$0] <= bar }.map { [UInt32($0), keys[$0]] }
            let found = try sought(
              kernels, query, memory, stride: stride, count: number, bar: bar)
            #expect(
              found == wanted,
              "\(kernels.name), \(bytes) bytes every \(stride), \(number) rows, bar \(bar)")
          }
        }
      }
    }
  }
}
