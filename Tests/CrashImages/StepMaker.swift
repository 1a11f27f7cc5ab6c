import Seamstone
import StoreModel
import TestSupport

/// Draws the steps of a script, each one possible after those before it.
struct StepMaker {
  private var batches = [UInt64](repeating: 0, count: CrashWorkload.writers)
  private var isIndexed = [Bool](repeating: false, count: CrashWorkload.writers)
  private var hasScratch = false
  private var scratches: UInt64 = 0
  private var conversions: Int?
  /// How many batches fill a collection so far that product codes can be trained on it; nil: none do.
  private let trainingBatches: UInt64?

  /// Every encoding, and indexes of which a wide beam sees everything.
  private static let encodings: [VectorEncoding] = [
    .int8(), .float32, .float16, .int4(), .rabitq(bits: 8), .rabitq(bits: 1),
    .binary(rescoreLimit: 400),
  ]
  private static let trained = VectorEncoding.pq(subvectors: 6, centroids: 16)
  private static let leastTrainingRows = 1_000
  private static let indexes: [IndexConfiguration] = [
    .hnsw(m: 8), .flat, .ivf(lists: 4, probes: 4),
  ]

  init(_ size: CrashWorkload.Size) {
    let isEnough = size.fillBatches * size.fillRows >= Self.leastTrainingRows
    trainingBatches = isEnough ? UInt64(size.fillBatches) : nil
  }

  mutating func opening() -> [CrashStep] {
    var steps: [CrashStep] = [.reopen]
    for writer in 0..<CrashWorkload.writers {
      steps.append(
        .create(CrashWorkload.collectionName(writer), CrashWorkload.configuration(writer)))
    }
    steps.append(
      .create(
        CrashWorkload.journal, StoreFixture.configuration(dimensions: 4, metric: .dot)))
    return steps + training()
  }

  /// Fills the collections at once and has product codes trained, where that is possible at all.
  private mutating func training() -> [CrashStep] {
    guard let trainingBatches else { return [] }
    var steps: [CrashStep] = []
    for writer in 0..<CrashWorkload.writers {
      steps += (1...trainingBatches).map { CrashStep.batch($0, writer: writer) }
      batches[writer] = trainingBatches
      let index = Self.indexes[writer * 2 % Self.indexes.count]
      steps += [
        .reconfigure(writer: writer, index, Self.trained), .compact(writer: writer, full: true),
      ]
    }
    return steps
  }

  mutating func next(_ random: inout SeededGenerator) -> CrashStep {
    let writer = Int.random(in: 0..<CrashWorkload.writers, using: &random)
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<12: return .work(isIdle: false)
    case 12..<20: return .work(isIdle: true)
    case 20..<24: return .compact(writer: writer, full: Bool.random(using: &random))
    case 24..<32:
      return reconfiguration(of: writer, &random)
    case 32..<36:
      isIndexed[writer].toggle()
      return .index(writer: writer, isThere: isIndexed[writer])
    case 36..<40: return .reopen
    case 40..<46: return nextScratch(&random)
    default:
      batches[writer] += 1
      return .batch(batches[writer], writer: writer)
    }
  }

  /// To every index and encoding in turn, so that no script has the same few.
  private mutating func reconfiguration(
    of writer: Int, _ random: inout SeededGenerator
  ) -> CrashStep {
    let number = conversions ?? Int.random(in: 0..<100, using: &random)
    conversions = number + 1
    let index = Self.indexes[number % Self.indexes.count]
    let encoding = Self.encodings[number % Self.encodings.count]
    let isTrained = trainingBatches.map { batches[writer] >= $0 } ?? false
    // Where it is possible at all it is what the script is there for.
    let mayTrain = isTrained && Bool.random(using: &random)
    return .reconfigure(writer: writer, index, mayTrain ? Self.trained : encoding)
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
