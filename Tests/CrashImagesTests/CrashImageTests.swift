import CFileCalls
import Seamstone
import TestSupport
import Testing

@testable import CrashImages

/// What crashes leave of a store, and what failing calls do to it. The numbers here are small; `.ci/images` and
/// `.ci/faults` run the same with large ones.
@Suite(.serialized, .enabled(if: CallRecorder.isAvailable)) struct CrashImageTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory(in: TemporaryDirectory.inMemory) }

  private func trace(_ seed: UInt64) throws -> CrashTrace {
    try CrashTrace.record(CrashScript(seed: seed, count: 30), in: directory.file("trace"))
  }

  private func run(_ trace: CrashTrace, budget: Int, seed: UInt64 = 5) throws -> ImageRun.Report {
    var run = ImageRun(directory: directory.path, seed: seed, budget: budget)
    defer { TemporaryDirectory.removeTree(directory.path + "-failed") }
    try run.run(trace)
    return run.report
  }

  @Test func aStoreOpensWhateverACrashLeft() throws {
    let report = try run(try trace(11), budget: 150)
    #expect(report.images == 150)
    #expect(report.imagesByDepth.count > 1, "no crash within a recovery was tried")
  }

  /// With relaxed durability a power failure may take the last commit, and nothing else.
  @Test func relaxedDurabilityLosesTheLastCommitAtMost() throws {
    let script = CrashScript(seed: 15, count: 30, durability: .relaxed)
    let trace = try CrashTrace.record(script, in: directory.file("trace"))
    var run = ImageRun(directory: directory.path, seed: 5, budget: 150)
    try run.run(trace, atMost: 150)
    #expect(run.report.relaxedImages > 100)
    #expect(run.report.undoneImages > 0, "nothing was lost, so nothing was shown")
  }

  /// A power failure while a store is made must not leave one that cannot be opened: LMDB refuses a file with a
  /// part of its first pages.
  @Test func aCrashWhileAStoreIsMadeLeavesOneOrNone() throws {
    let script = CrashScript(seed: 14, count: 4)
    let trace = try CrashTrace.record(script, in: directory.file("trace"))
    for seed in 0..<4 { _ = try run(trace, budget: 200, seed: UInt64(seed)) }
  }

  @Test func theTraceHasLMDBsCallsToo() throws {
    let calls = try trace(12).calls
    let synchronous = calls.contains {
      if case .write(_, let offset, _, true) = $0 { offset < 8192 } else { false }
    }
    #expect(synchronous, "no meta page was written through a descriptor with O_DSYNC")
    #expect(calls.contains { if case .rename = $0 { true } else { false } })
    #expect(calls.contains { if case .remove = $0 { true } else { false } })
  }

  /// Were a sync missing somewhere, the images would show it: here it is taken out of the trace.
  @Test(arguments: ["store.seam/data.mdb", "store.seam/segments", "store.seam", ".tmp"])
  func aMissingSyncIsFound(_ place: String) throws {
    let trace = try trace(13)
    var handles: Set<UInt32> = []
    let calls = trace.calls.filter { call in
      if case .open(let handle, let path, _, _) = call, path.hasSuffix(place) {
        handles.insert(handle)
      }
      if case .sync(let handle, _) = call { return !handles.contains(handle) }
      return true
    }
    #expect(calls.count < trace.calls.count)
    let lying = CrashTrace(
      script: trace.script, base: trace.base, firstState: trace.firstState, calls: calls)
    #expect(throws: CrashFailure.self) { _ = try run(lying, budget: 1_500) }
  }

  @Test func everyFailingCallIsToldOfAndLosesNothing() throws {
    var run = FaultRun(directory: directory.path, seed: 21, stepCount: 16)
    try run.run(windowSteps: 8, stride: 53)
    #expect(run.report.runs > 20)
    #expect(run.report.errors["outcomeUnknown"] != nil)
    #expect(run.report.errors["noSpace"] != nil)
  }

  @Test func aFullVolumeRefusesAndGoesOn() throws {
    guard let volume = try SmallVolume(at: directory.file("volume"), bytes: 24 << 20) else {
      return print("A full volume was not tried: this process may not mount one")
    }
    var run = FullDiskRun(volume: volume, seed: 31, stepCount: 40)
    try run.run()
    #expect(run.refusals > 0)
    try run.runReaders(count: 300)
  }
}
