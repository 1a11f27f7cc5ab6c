import TestSupport
import Testing

@testable import Seamstone

/// The policy under simulation: random metadata, its jobs applied as the compactor would.
@Suite struct CompactionPolicyTests {
  private struct Simulation {
    var input: CompactionInput
    var nextNumber: UInt64

    mutating func apply(_ job: CompactionJob) {
      switch job {
      case .seal:
        input.segments.append(
          .init(number: nextNumber, rows: input.tailRows, deletedRows: 0, hasGraph: false))
        input.tailRows = 0
        input.tailBytes = 0
      case .drop(let numbers):
        input.segments.removeAll { numbers.contains($0.number) }
      case .merge(let numbers, let asGraph):
        guard let first = input.segments.firstIndex(where: { numbers.contains($0.number) }) else {
          return
        }
        let rows = input.segments.filter { numbers.contains($0.number) }
          .reduce(0) { $0 + $1.liveRows }
        input.segments.removeAll { numbers.contains($0.number) }
        if rows > 0 {
          input.segments.insert(
            .init(number: nextNumber, rows: rows, deletedRows: 0, hasGraph: asGraph), at: first)
        }
      }
      nextNumber += 1
    }
  }

  private func limits(_ random: inout SeededGenerator) -> CompactionLimits {
    var limits = CompactionLimits()
    if Bool.random(using: &random) { return limits }
    limits.sealRows = Int.random(in: 1...200, using: &random)
    limits.bulkSealRows = Int.random(in: 1...400, using: &random)
    limits.softTailRows = Int.random(in: 1...400, using: &random)
    limits.hardTailRows = Int.random(in: 1...800, using: &random)
    limits.graphRows = Int.random(in: 1...500, using: &random)
    limits.tierFactor = Int.random(in: 2...6, using: &random)
    limits.tierCount = Int.random(in: 2...6, using: &random)
    limits.maximumSegments = Int.random(in: 1...10, using: &random)
    limits.rewriteDeletedRows = Int.random(in: 0...50, using: &random)
    limits.idleFlatRows = Int.random(in: 0...300, using: &random)
    return limits
  }

  private func input(_ limits: CompactionLimits, _ random: inout SeededGenerator) -> CompactionInput
  {
    let scale = limits.graphRows * 3
    let segments = (0..<Int.random(in: 0...20, using: &random)).map { number in
      let rows = Int.random(
        in: 1...max(scale / (1 << Int.random(in: 0...8, using: &random)), 1), using: &random)
      let deleted =
        switch Int.random(in: 0..<4, using: &random) {
        case 0: rows
        case 1: Int.random(in: 0...rows, using: &random)
        default: 0
        }
      return CompactionInput.Segment(
        number: UInt64(number + 1), rows: rows, deletedRows: deleted,
        hasGraph: Bool.random(using: &random),
        isMissing: Int.random(in: 0..<9, using: &random) == 0,
        isOutdated: Int.random(in: 0..<9, using: &random) == 0)
    }
    let tail =
      Int.random(in: 0..<3, using: &random) == 0 ? 0 : Int.random(in: 0...scale, using: &random)
    return CompactionInput(
      segments: segments, tailRows: tail, tailBytes: tail * 500,
      wantsGraph: Int.random(in: 0..<4, using: &random) > 0,
      isBulkLoading: Int.random(in: 0..<8, using: &random) == 0,
      isIdle: Bool.random(using: &random))
  }

  @Test func reachesAFixedPointWithFewSegments() {
    for seed in 0..<4_000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let limits = limits(&random)
      let policy = CompactionPolicy(limits: limits)
      var simulation = Simulation(input: input(limits, &random), nextNumber: 1_000)
      let start = simulation.input
      var seen: [CompactionInput] = []
      var jobs = 0
      while let job = policy.sealJob(simulation.input) ?? policy.mergeJob(simulation.input) {
        guard jobs < 400 else { break }
        // Numbers apart, no state comes back: a job never undoes another.
        var shape = simulation.input
        for index in shape.segments.indices { shape.segments[index].number = 0 }
        guard !seen.contains(shape) else {
          Issue.record("seed \(seed): job \(job) repeats from \(shape)")
          return
        }
        seen.append(shape)
        simulation.apply(job)
        jobs += 1
      }
      let end = simulation.input
      guard jobs < 400 else {
        Issue.record("seed \(seed): no end from \(start)")
        return
      }
      // Rows neither vanish nor appear.
      let before = start.tailRows + start.segments.reduce(0) { $0 + $1.liveRows }
      let after = end.tailRows + end.segments.reduce(0) { $0 + $1.liveRows }
      #expect(before == after, "seed \(seed)")
      if !start.isBulkLoading {
        #expect(end.segments.count <= limits.maximumSegments, "seed \(seed)")
        #expect(!end.segments.contains { $0.isMissing || $0.isOutdated }, "seed \(seed)")
      }
      #expect(end.tailRows < limits.hardTailRows, "seed \(seed): writers would wait for ever")
      let full = policy.fullJob(end)
      if let full {
        simulation.apply(full)
        #expect(simulation.input.segments.count <= 1, "seed \(seed)")
        #expect(policy.fullJob(simulation.input) == nil, "seed \(seed): \(simulation.input)")
      }
    }
  }

  @Test func hasNothingToDoWhenNothingIsDue() {
    let policy = CompactionPolicy(limits: CompactionLimits())
    func input(_ segments: [CompactionInput.Segment], tail: Int) -> CompactionInput {
      CompactionInput(
        segments: segments, tailRows: tail, tailBytes: tail * 500, wantsGraph: true, isIdle: true)
    }
    let graph = CompactionInput.Segment(number: 1, rows: 50_000, deletedRows: 500, hasGraph: true)
    let small = CompactionInput.Segment(number: 2, rows: 1_500, deletedRows: 0, hasGraph: false)
    for calm in [
      input([], tail: 0), input([], tail: 1_900), input([graph], tail: 1_900),
      input([small], tail: 400),
      input([graph, small], tail: 100),
      // A pause between two writes to a small store leaves no small segment behind.
      input([.init(number: 3, rows: 5_000, deletedRows: 0, hasGraph: false)], tail: 1),
    ] {
      #expect(policy.sealJob(calm) == nil, "\(calm)")
      #expect(policy.mergeJob(calm) == nil, "\(calm)")
    }
  }

  @Test func worksAGraphIntoASimilarOneBesideItWhenIdle() {
    let policy = CompactionPolicy(limits: CompactionLimits())
    func job(_ first: Int, _ second: Int, isIdle: Bool) -> CompactionJob? {
      let segments = [first, second].enumerated().map { number, rows in
        CompactionInput.Segment(
          number: UInt64(number), rows: rows, deletedRows: 0, hasGraph: true)
      }
      return policy.mergeJob(
        CompactionInput(
          segments: segments, tailRows: 0, tailBytes: 0, wantsGraph: true, isIdle: isIdle))
    }
    #expect(job(800_000, 100_000, isIdle: true) == .merge([0, 1], asGraph: true))
    #expect(job(100_000, 800_000, isIdle: true) == .merge([0, 1], asGraph: true))
    #expect(job(800_000, 100_000, isIdle: false) == nil)
    // Writing a large graph anew for a few rows would cost more than they do.
    #expect(job(800_000, 10_000, isIdle: true) == nil)
  }

  @Test func refusesLimitsThatNothingCouldWorkWith() {
    var limits = CompactionLimits()
    #expect(limits.problems.isEmpty)
    limits.tierCount = 0
    limits.tierFactor = .max
    limits.sealRows = -1
    limits.idleSeconds = .nan
    limits.rewriteDeletedShare = .infinity
    #expect(limits.problems.count == 5)
  }
}
