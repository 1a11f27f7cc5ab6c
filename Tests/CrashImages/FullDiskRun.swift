import Seamstone
import StorageIO
import StoreModel
import TestSupport

/// A script on a volume that is full again and again: every step that does not fit says so, leaves nothing, and
/// succeeds when there is space.
package struct FullDiskRun {
  let volume: SmallVolume
  let script: CrashScript
  /// How many steps did not fit at first.
  package private(set) var refusals = 0

  package init(volume: SmallVolume, seed: UInt64, stepCount: Int) {
    self.volume = volume
    script = CrashScript(seed: seed, count: stepCount)
  }

  package mutating func run() throws {
    let path = FilePath(volume.path + "/store.seam")
    var store = try Store.open(at: path, options: script.options)
    defer { store.close() }
    var random = SeededGenerator(seed: script.seed)
    for (step, action) in script.steps.enumerated() {
      try volume.fill(leaving: Int.random(in: 0...4, using: &random) * 16_384)
      if case .reopen = action {
        store.close()
        // With no space at all a store opens, and answers.
        store = try Store.open(at: path, options: script.options)
      }
      do {
        try script.perform(action, on: store)
        volume.free()
      } catch let error as StoreError {
        guard error.code == .noSpace else { throw CrashFailure("\(action): \(error)") }
        refusals += 1
        try find(action.isStepwise ? [step, step + 1] : [step], store, "\(action), refused")
        volume.free()
        do {
          try script.perform(action, on: store)
        } catch let error as StoreError where error.code == .notFound && action.isStepwise {}
      }
      if step % 8 == 0 { try find([step + 1], store, "\(action), with space again") }
    }
    store.close()
    store = try Store.open(at: path, options: script.options)
    try find([script.steps.count], store, "the end")
    try StateChecker(store, seed: 1).checkFiles()
  }

  /// With no page left, many readers still find room in LMDB's table of them, which is a mapped file.
  package func runReaders(count: Int) throws {
    let path = FilePath(volume.path + "/store.seam")
    volume.free()
    let store = try Store.open(at: path, options: script.options)
    defer { store.close() }
    try volume.fill()
    defer { volume.free() }
    let snapshots = try (0..<count).map { _ in try store.snapshot() }
    for snapshot in snapshots { snapshot.close() }
  }

  private func find(_ states: [Int], _ store: Store, _ place: String) throws {
    var checker = StateChecker(store, seed: 1)
    do {
      _ = try checker.find(states, of: script)
    } catch {
      throw CrashFailure("seed \(script.seed), \(place): \(error)")
    }
  }
}
