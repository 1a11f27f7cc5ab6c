import Seamstone
import StorageIO
import StoreModel
import TestSupport

/// Rebuilds what crashes leave behind, opens it, and checks it; at some of the images it goes on, records that
/// too, and crashes again in it.
package struct ImageRun {
  /// What was done.
  package struct Report: Sendable {
    package var images = 0
    /// Of those, images of a crash after one crash, after two, and so on.
    package var imagesByDepth: [Int] = []
    package var traces = 0
    package var calls = 0
    /// Images of stores with relaxed durability.
    package var relaxedImages = 0
    /// Those of them that had lost their last commit.
    package var undoneImages = 0
    /// Images with a segment of an index kind and an encoding, by their names.
    package var forms: [String: Int] = [:]
    package var steps = 0
    package var recall = BeamRecall()
  }

  /// Where stores are made; exists already.
  let directory: String
  let seed: UInt64
  let budget: Int
  let stepCount: Int
  package private(set) var report = Report()

  /// How many crashes in a row.
  private static let deepest = 2
  /// One in so many images is gone on with …
  private static let nestEvery = 40
  /// … for so many more images.
  private static let nestedImages = [24, 8]
  /// One in so many images is verified by reading everything, and written to.
  private static let verifyEvery = 8

  package init(directory: String, seed: UInt64, budget: Int, stepCount: Int = 120) {
    self.directory = directory
    self.seed = seed
    self.budget = budget
    self.stepCount = stepCount
  }

  /// Checks `budget` images, of as many scripts as that takes: of every three, one has relaxed durability and one has
  /// collections that product codes are trained on. Of a small budget each of the three gets a part.
  package mutating func run() throws {
    var number: UInt64 = 0
    while report.images < budget, !TestSettings.isTimeUp {
      let script = CrashScript(
        seed: seed &+ number &* 0x9E37_79B9_7F4A_7C15, count: stepCount,
        durability: number % 3 == 1 ? .relaxed : .full, size: number % 3 == 2 ? .medium : .small)
      report.steps += script.steps.count
      let trace = try CrashTrace.record(script, in: directory + "/trace")
      try explore(trace, depth: 0, atMost: max(Self.leastOfAScript, budget / 8))
      number += 1
    }
  }

  private static let leastOfAScript = 200

  /// Throws unless there were segments of all kinds and encodings of numbers; to be asked after some thousand images.
  package func requireAllForms() throws {
    let forms = report.forms.keys.joined(separator: " ")
    let wanted = ["flat", "hnsw", "ivf"] + VectorEncoding.names.filter { $0 != "bits" }
    if let missing = wanted.first(where: { !forms.contains($0) }) {
      throw CrashFailure("no image had a segment of \(missing), only: \(forms)")
    }
  }

  /// Checks the images of a trace that was recorded by someone else.
  package mutating func run(_ trace: CrashTrace, atMost limit: Int = .max) throws {
    try explore(trace, depth: 0, atMost: limit)
  }

  // MARK: - One trace

  private mutating func explore(_ trace: CrashTrace, depth: Int, atMost limit: Int) throws {
    report.traces += 1
    report.calls += trace.calls.count
    var count = 0
    if limit < .max {
      var counter = CrashPoints(trace)
      while counter.next() != nil { count += 1 }
    }
    let stride = limit == .max ? 1 : max(1, count / limit)
    var random = SeededGenerator(seed: seed ^ UInt64(report.images))
    var left = Int.random(in: 0..<stride, using: &random)
    var points = CrashPoints(trace)
    while report.images < budget, let point = points.next() {
      left -= 1
      if left >= 0 { continue }
      left = stride - 1
      try check(point, points, depth: depth, &random)
    }
  }

  private mutating func check(
    _ point: CrashPoints.Point, _ points: CrashPoints, depth: Int, _ random: inout SeededGenerator
  ) throws {
    let image = points.image(point, random: &random)
    report.images += 1
    while report.imagesByDepth.count <= depth { report.imagesByDepth.append(0) }
    report.imagesByDepth[depth] += 1
    do {
      if depth < Self.deepest, Int.random(in: 0..<Self.nestEvery, using: &random) == 0 {
        let count = Int.random(in: 0...4, using: &random)
        let trace = try CrashTrace.record(
          points.trace.script, from: image, states: point.states, count: count,
          in: "\(directory)/trace-\(depth)")
        try explore(trace, depth: depth + 1, atMost: Self.nestedImages[depth])
      } else {
        try check(image, point, points.trace.script, depth: depth)
      }
    } catch let failure as CrashFailure {
      throw failure
    } catch {
      let kept = "\(directory)-failed"
      try image.write(to: kept)
      throw CrashFailure(
        "image \(report.images) of seed \(seed), after \(depth) earlier crashes, at call "
          + "\(point.call) of \(points.trace.calls.count), \(point.kind) left: \(error). "
          + "The image is in \(kept); to see it again: CrashHarness images \(seed) \(report.images)"
      )
    }
  }

  private mutating func check(
    _ image: DiskImage, _ point: CrashPoints.Point, _ script: CrashScript, depth: Int
  ) throws {
    let root = directory + "/image"
    try image.write(to: root)
    let path = FilePath(root + "/store.seam")
    var options = script.options
    let isThorough = report.images % Self.verifyEvery == 0
    if isThorough { options.verification = .full }
    let store = try Store.open(at: path, options: options)
    defer { store.close() }
    var checker = StateChecker(store, seed: UInt64(report.images))
    let state = try checker.find(point.states, of: script)
    try note(state, point, script, store)
    // Where the last commit was undone, in this crash or one before it, the segments that it replaced may be gone: they
    // are made again.
    if script.durability == .relaxed, point.kind != .everything || depth > 0 {
      try store.runBackgroundWork()
      try checker.checkFiles(mayHaveBeenMissing: true)
    } else {
      try checker.checkFiles()
    }
    report.recall += checker.recall
    guard isThorough else { return }
    try checker.verify()
    guard state < script.steps.count else { return }
    try script.perform(script.steps[state], on: store)
    if case .reopen = script.steps[state] { return }
    try checker.check(script.states[state + 1])
  }

  private mutating func note(
    _ state: Int, _ point: CrashPoints.Point, _ script: CrashScript, _ store: Store
  ) throws {
    if script.durability == .relaxed { report.relaxedImages += 1 }
    if state < point.acknowledged { report.undoneImages += 1 }
    let segments = try store.statistics().collections.flatMap(\.segments)
      .filter { $0.kind != "missing" }
    for form in Set(segments.map { "\($0.kind) \($0.encoding)" }) {
      report.forms[form, default: 0] += 1
    }
  }
}

/// An image that is not what it should be.
package struct CrashFailure: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
