import CFileCalls
import Seamstone
import StorageIO
import StoreModel
import TestSupport

/// Makes every call of some steps fail in turn, in every way, and looks at what the store does about it.
package struct FaultRun {
  package struct Report: Sendable {
    package var runs = 0
    /// How many failures the store told of, by code.
    package var errors: [String: Int] = [:]
    /// How many it got over by itself, or met where nobody waits for an answer.
    package var silent = 0
  }

  /// Where stores are made; exists already.
  let directory: String
  let script: CrashScript
  package private(set) var report = Report()

  package init(directory: String, seed: UInt64, stepCount: Int) {
    self.directory = directory
    script = CrashScript(seed: seed, count: stepCount)
  }

  /// Tries every fault at every `stride`th call of the steps of each window of `windowSteps` steps.
  package mutating func run(windowSteps: Int, stride: Int = 1, faults: [CallFault] = CallFault.all)
    throws
  {
    let trace = try CrashTrace.record(script, in: directory + "/trace")
    for first in Swift.stride(from: 0, to: script.steps.count, by: windowSteps) {
      let base = trace.imageBefore(step: first)
      let steps = first..<min(first + windowSteps, script.steps.count)
      for fault in faults {
        var number = Int(truncatingIfNeeded: script.seed &+ UInt64(first)) % stride
        while try run(fault, at: number, base, steps) { number += stride }
      }
    }
  }

  /// Answers whether the fault came.
  private mutating func run(
    _ fault: CallFault, at number: Int, _ base: DiskImage, _ steps: Range<Int>
  ) throws -> Bool {
    let root = directory + "/faulty"
    try base.write(to: root)
    file_calls_watch(root)
    file_calls_record(fault.losesSyncs ? 1 : 0)
    defer {
      CallFault.disarm()
      file_calls_record(0)
      file_calls_watch(nil)
    }
    fault.arm(passing: number)
    var attempt = FaultAttempt(script: script, path: FilePath(root + "/store.seam"), steps: steps)
    do {
      try attempt.run()
      if fault.losesSyncs { try checkPowerLoss(base, attempt) }
    } catch {
      throw CrashFailure(
        "\(fault) at call \(number) of steps \(steps) of seed \(script.seed), at "
          + "\(attempt.place): \(error)")
    }
    guard attempt.hasHappened else { return false }
    report.runs += 1
    if let code = attempt.code { report.errors[code.rawValue, default: 0] += 1 }
    if attempt.code == nil { report.silent += 1 }
    return true
  }

  /// What was acknowledged after the failed sync must not need what that sync did not write.
  private func checkPowerLoss(_ base: DiskImage, _ attempt: FaultAttempt) throws {
    var disk = Disk(base, failedSyncsPersist: false)
    for call in CallRecorder.recorded() { disk.apply(call) }
    file_calls_record(0)
    file_calls_watch(nil)
    var random = SeededGenerator(seed: 1)
    let root = directory + "/image"
    try disk.image(.nothing, random: &random).write(to: root)
    let store = try Store.open(at: FilePath(root + "/store.seam"), options: script.options)
    defer { store.close() }
    var checker = StateChecker(store, seed: 1)
    do {
      try checker.check(script.states[attempt.steps.upperBound])
      try checker.checkFiles()
    } catch {
      throw ModelMismatch("after a power failure at the end: \(error)")
    }
  }
}
