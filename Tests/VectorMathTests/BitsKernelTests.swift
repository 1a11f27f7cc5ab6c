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
}
