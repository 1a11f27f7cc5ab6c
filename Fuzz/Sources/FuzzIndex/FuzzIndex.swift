import CFuzzerABI
import FuzzSamples
import SegmentFiles
import StorageIO
import VectorIndexes
import VectorMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Changes the parameters and rows of real segments and searches what opens.
///
/// The input: number of the segment (1 byte), what is done (1: 0 the parameters are the rest; 1 the rest is added
/// to them from an offset; 2 the rest is added to the rows from an offset; 3 and on to the kind's own section, its
/// lists, splits, planes, leaves, whatever a registered kind has built, buckets, the transform; then to any other
/// section, links, ordinals, DocIDs, finer halves and all), offset (2), the rest.
@main
enum FuzzIndex {
  static func main() {
    var argc = CommandLine.argc
    var argv = CommandLine.unsafeArgv
    exit(
      LLVMFuzzerRunDriver(&argc, &argv) { data, size in
        FuzzIndex.check(Array(UnsafeRawBufferPointer(start: data, count: size)))
        return 0
      })
  }

  private static let segments: [RealSegment] =
    Sample.all.flatMap { sample in
      sample.kinds(custom: BytewiseKind().name).map { RealSegment(sample, $0) }
    } + transformed

  /// A few whose rows are what a transform makes.
  private static let transformed: [RealSegment] = Sample.all.filter { $0.metric == .cosine }
    .map { RealSegment($0, .ivf(.init(lists: 6)), .opq(subvectors: 4, dimensions: 16, seed: 1)) }

  static func check(_ input: [UInt8]) {
    guard input.count >= 4 else { return }
    let segment = segments[Int(input[0]) % segments.count]
    let rest = Array(input[4...])
    let offset = Int(input[2]) | Int(input[3]) << 8
    let named = [
      RealSegment.parameters, RealSegment.parameters, RealSegment.rows, RealSegment.kind,
      RealSegment.lists, RealSegment.splits, RealSegment.planes, RealSegment.leaves,
      RealSegment.custom, RealSegment.buckets, RealSegment.transform,
    ]
    let others = segment.sections.keys.filter { !named.contains($0) }
    let changed = named + others.sorted { $0.rawValue < $1.rawValue }
    let section = changed[Int(input[1]) % changed.count]
    var bytes = rest
    if Int(input[1]) % changed.count > 0 {
      bytes = segment.sections[section] ?? []
      for (index, change) in rest.enumerated() where offset + index < bytes.count {
        bytes[offset + index] &+= change
      }
    }
    segment.search(replacing: section, with: bytes)
  }
}
