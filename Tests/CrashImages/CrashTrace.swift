import Seamstone
import StoreModel
import TestSupport

/// The calls that a part of a script made, and what the disk held before.
package struct CrashTrace: Sendable {
  package let script: CrashScript
  /// What was on the disk, all of it synced.
  package let base: DiskImage
  /// The number of steps that it is the state of.
  package let firstState: Int
  package let calls: [FileCall]

  /// The marks of a step: it begins, it was acknowledged.
  static func beginning(_ step: Int) -> UInt64 { UInt64(2 * step) }
  static func end(_ step: Int) -> UInt64 { UInt64(2 * step + 1) }

  /// Runs the whole script in an empty directory.
  package static func record(_ script: CrashScript, in root: String) throws -> CrashTrace {
    try DiskImage().write(to: root)
    let calls = try CallRecorder.record(below: root) {
      try run(script, in: root, from: 0, count: script.steps.count, states: [0])
    }
    return CrashTrace(script: script, base: DiskImage(), firstState: 0, calls: calls)
  }

  /// Opens the store of an image, which is in one of `states`, goes on for some steps, and closes it.
  package static func record(
    _ script: CrashScript, from image: DiskImage, states: [Int], count: Int, in root: String
  ) throws -> CrashTrace {
    try image.write(to: root)
    var state = 0
    let calls = try CallRecorder.record(below: root) {
      state = try run(script, in: root, from: nil, count: count, states: states)
    }
    return CrashTrace(script: script, base: image, firstState: state, calls: calls)
  }

  /// What the disk held when a step began.
  func imageBefore(step: Int) -> DiskImage {
    var disk = Disk(base)
    for call in calls {
      if call == .mark(Self.beginning(step)) { break }
      disk.apply(call)
    }
    var random = SeededGenerator(seed: 0)
    return disk.image(.everything, random: &random)
  }

  /// Answers the number of the state that it began with.
  @discardableResult
  private static func run(
    _ script: CrashScript, in root: String, from first: Int?, count: Int, states: [Int]
  ) throws -> Int {
    let path = FilePath(root + "/store.seam")
    var store = try Store.open(at: path, options: script.options)
    defer { store.close() }
    var start = first ?? 0
    if first == nil {
      var checker = StateChecker(store, seed: script.seed)
      start = try checker.find(states, of: script)
      // The segments of a manifest that came back may have been replaced, and are made again.
      if script.durability == .full { try checker.checkFiles() }
    }
    for step in start..<min(start + count, script.steps.count) {
      CallRecorder.mark(beginning(step))
      if case .reopen = script.steps[step] {
        store.close()
        store = try Store.open(at: path, options: script.options)
      }
      try script.perform(script.steps[step], on: store)
      CallRecorder.mark(end(step))
    }
    return start
  }
}
