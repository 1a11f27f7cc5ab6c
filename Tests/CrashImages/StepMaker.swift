import Seamstone
import StoreModel
import TestSupport

/// Draws the steps of a script, each one possible after those before it.
struct StepMaker {
  private var batches = [UInt64](repeating: 0, count: CrashWorkload.writers)
  private var isIndexed = [Bool](repeating: false, count: CrashWorkload.writers)
  private var hasScratch = false
  private var scratches: UInt64 = 0

  private static let encodings: [VectorEncoding] = [
    .int8(), .float32, .float16, .int4(), .rabitq(bits: 8),
  ]

  mutating func opening() -> [CrashStep] {
    var steps: [CrashStep] = [.reopen]
    for writer in 0..<CrashWorkload.writers {
      steps.append(
        .create(CrashWorkload.collectionName(writer), CrashWorkload.configuration(writer)))
    }
    steps.append(
      .create(
        CrashWorkload.journal, StoreFixture.configuration(dimensions: 4, metric: .dot)))
    return steps
  }

  mutating func next(_ random: inout SeededGenerator) -> CrashStep {
    let writer = Int.random(in: 0..<CrashWorkload.writers, using: &random)
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<12: return .work(isIdle: false)
    case 12..<20: return .work(isIdle: true)
    case 20..<24: return .compact(writer: writer, full: Bool.random(using: &random))
    case 24..<28:
      return .reconfigure(
        writer: writer, Self.encodings.randomElement(using: &random) ?? .float32)
    case 28..<32:
      isIndexed[writer].toggle()
      return .index(writer: writer, isThere: isIndexed[writer])
    case 32..<36: return .reopen
    case 36..<42: return nextScratch(&random)
    default:
      batches[writer] += 1
      return .batch(batches[writer], writer: writer)
    }
  }

  private mutating func nextScratch(_ random: inout SeededGenerator) -> CrashStep {
    if hasScratch, Int.random(in: 0..<3, using: &random) > 0 {
      scratches += 1
      return .scratch(scratches)
    }
    hasScratch.toggle()
    return hasScratch
      ? .create(CrashScript.scratch, CrashScript.scratchConfiguration) : .drop(CrashScript.scratch)
  }
}
