import Seamstone
import StoreModel
import TestSupport

/// A seeded list of steps with everything a store does, and what it must hold after each of them.
package struct CrashScript: Sendable {
  static let scratch = "scratch"
  static let scratchConfiguration = StoreFixture.configuration(
    dimensions: 64, metric: .hamming, elementType: .bits)
  package let seed: UInt64
  package let workload: CrashWorkload
  package let durability: StoreOptions.Durability
  package private(set) var steps: [CrashStep] = []
  /// `states[n]` is the one after n steps.
  package private(set) var states = [ExpectedState()]
  /// For each state, the oldest one that is left when its last commit is undone.
  private var undone = [0]

  /// A script of at least `count` steps.
  package init(
    seed: UInt64, count: Int, durability: StoreOptions.Durability = .full,
    size: CrashWorkload.Size = .small
  ) {
    self.seed = seed
    self.durability = durability
    workload = CrashWorkload(seed: seed, size: size)
    var random = SeededGenerator(seed: seed)
    var maker = StepMaker(size)
    for step in maker.opening() { add(step) }
    while steps.count < count { add(maker.next(&random)) }
  }

  private mutating func add(_ step: CrashStep) {
    var state = states[states.count - 1]
    let isChanged = state.isChanged(by: step)
    undone.append(isChanged ? steps.count : undone[steps.count])
    state.apply(step, self)
    steps.append(step)
    states.append(state)
  }

  /// The states that a power failure may leave where the first `acknowledged` steps were acknowledged and `begun` were
  /// begun, the likeliest first. With relaxed durability the last commit may be undone, and no other: each commit
  /// syncs what the one before it has written.
  func states(begun: Int, acknowledged: Int) -> [Int] {
    let oldest = durability == .relaxed ? undone[acknowledged] : acknowledged
    return (oldest...begun).reversed()
  }

  /// Packed bits, and no two vectors that could be equal: ties go by age, which a step that ran twice would change.
  func scratchObjects(_ number: UInt64) -> [VectorObject] {
    var random = SeededGenerator(seed: seed ^ number &* 0x2545_F491)
    return (0..<12).map { row in
      VectorObject(
        id: .string("s\(number)-\(row)"),
        bits: (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) },
        properties: ["n": .int(Int64(row % 3))])
    }
  }

  /// Small limits, so that few vectors go through seals, merges, graphs and a growing map.
  var options: StoreOptions {
    var options = StoreFixture.options(threads: 1, sealRows: 24, graphRows: 64)
    options.durability = durability
    options.mapSize = 256 << 10
    options.compaction.hardTailRows = 10_000
    options.compaction.softTailRows = 10_000
    return options
  }

  /// Carries a step out.
  func perform(_ step: CrashStep, on store: Store) throws {
    switch step {
    case .reopen: break
    case .create(let name, let configuration): _ = try store.collection(name, configuration)
    case .drop(let name): try store.dropCollection(name)
    case .batch(let number, let writer):
      try workload.apply(workload.batch(number, writer: writer), writer: writer, to: store)
    case .scratch(let number):
      try store.collection(Self.scratch).upsert(scratchObjects(number))
    case .work(let isIdle): try store.runBackgroundWork(isIdle: isIdle)
    case .compact(let writer, let full):
      try store.collection(CrashWorkload.collectionName(writer)).compact(full: full)
    case .reconfigure(let writer, let index, let encoding):
      try store.collection(CrashWorkload.collectionName(writer))
        .reconfigure(index: index, encoding: encoding)
    case .index(let writer, let isThere):
      let collection = try store.collection(CrashWorkload.collectionName(writer))
      if isThere {
        try collection.createPropertyIndex("n")
      } else {
        try collection.dropPropertyIndex("n")
      }
    }
  }
}
