import SegmentFiles
import StorageIO
import VectorMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What a build finds out on its way.
struct BuildState {
  var report = BuildReport()
  /// What the segment is made from.
  var hash: ContentHash
  var hasClipped = false
  var generation: UInt32 = 0
  /// The places of rows that are left, where some vectors had vanished.
  var kept: [UInt32]?
  private var phaseStart = BuildState.now()

  init(builder: SegmentBuilder) {
    hash = ContentHash(seed: 0x5345_474D)
    hash.update(UInt64(builder.kind.rawKind) << 32 | UInt64(builder.encoding.kind.rawValue))
    hash.update(UInt64(builder.metric.fileCode) << 32 | UInt64(builder.dimensions))
    for byte in EncodingRecord.serialized(builder.encoding) { hash.update(UInt64(byte)) }
    hash.update(builder.interval.lowerBound)
    hash.update(builder.interval.upperBound)
    for word in builder.kind.words { hash.update(word) }
    if let fitted = builder.fitted {
      hash.update(UInt64(fitted.inputs) << 32 | UInt64(fitted.outputs))
      hash.update(fitted.identifier)
    }
  }

  /// Books the time since the last call under a phase.
  mutating func end(_ phase: String) {
    let now = Self.now()
    report.seconds[phase, default: 0] += now - phaseStart
    phaseStart = now
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
