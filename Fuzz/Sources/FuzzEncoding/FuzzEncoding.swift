import CFuzzerABI
import FuzzSamples
import VectorMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Reads any bytes as an encoding, and if they are one, encodes a vector, prepares a query and compares it with
/// rows of any bytes.
///
/// The input: number of the encoding (1 byte; 5 for int8, 6 for a transform), number of the metric (1), dimensions (2), length of the
/// encoding's bytes (2), those bytes, and then the bytes of rows and of a vector.
@main
enum FuzzEncoding {
  static func main() {
    var argc = CommandLine.argc
    var argv = CommandLine.unsafeArgv
    exit(
      LLVMFuzzerRunDriver(&argc, &argv) { data, size in
        FuzzEncoding.check(UnsafeRawBufferPointer(start: data, count: size))
        return 0
      })
  }

  private static let metrics = Metric.allCases.filter { $0 != .hamming }

  static func check(_ input: UnsafeRawBufferPointer) {
    guard input.count >= 6 else { return }
    let metric = metrics[Int(input[1]) % metrics.count]
    let dimensions = Int(input[2]) | Int(input[3]) << 8
    let length = min(Int(input[4]) | Int(input[5]) << 8, input.count - 6)
    let bytes = ExactMemory(copying: Array(input[6..<6 + length]))
    let rest = Array(input[(6 + length)...])
    let number = input[0] % (AnyEncoding.count + 2)
    if number == AnyEncoding.count + 1 { return TransformBytes(bytes.bytes, rest).check() }
    if number == AnyEncoding.count {
      guard let quantizer = ScalarQuantizer(bytes: bytes.raw), quantizer.dimensions <= 4_096 else {
        return
      }
      guard quantizer.bytes.elementsEqual(bytes.raw) else {
        fatalError("other bytes than were read")
      }
      CodeRows(quantizer: quantizer, rest).check()
      return
    }
    let opened = AnyEncoding.open(number, bytes.raw, metric: metric, dimensions: dimensions)
    guard let opened else { return }
    guard opened.bytes.elementsEqual(bytes.raw) else { fatalError("other bytes than were read") }
    guard opened.metric == metric, opened.dimensions == dimensions, opened.rowBytes >= 0 else {
      fatalError("another encoding than was asked for")
    }
    EncodedRows(encoding: opened, rest).check()
  }
}
