import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// Every file call of seals and merges fails in turn: nothing is lost, nothing is left over, and the
/// work succeeds as soon as the calls do.
@Suite struct FileFaultTests {
  @Test(arguments: [false, true])
  func anyFileCallOfBackgroundWorkMayFail(isTorn: Bool) throws {
    let files = FaultInjectingFileSystem()
    // Flat segments: a graph takes the same calls and longer.
    let bench = try StoreBench(
      seed: 61, options: StoreFixture.options(graphRows: 5_000), fileSystem: files)
    var number = 0
    while number < 100 {
      // The same few hundred objects over and over, so that every round seals and merges a little.
      let start = number * 70 % 280
      try bench.upsert(start..<(start + 70))
      try bench.delete([start + 3, start + 40])
      let before = files.calls.count
      files.fail(after: number, fault: isTorn ? .tear(.noSpace) : .fail(.io))
      do {
        try bench.store.runBackgroundWork(isIdle: number % 2 == 0)
        if number % 3 == 0 { try bench.collection.compact(full: true) }
      } catch {
        #expect(error.code == (isTorn ? .noSpace : .io), "call \(number): \(error)")
      }
      let reached = files.calls.count > before + number
      files.fail(after: 1 << 40)
      try check(bench, "call \(number) of \(isTorn ? "torn" : "failed")")
      try bench.store.runBackgroundWork(isIdle: false)
      if !reached { break }
      number += 1
    }
    #expect(number > 20)
    try bench.reopen(fileSystem: files)
    #expect(try Set(bench.files()).count == bench.state?.segments.count)
    try bench.check()
  }

  private func check(_ bench: StoreBench, _ what: String) throws {
    do { try bench.check(queries: 1) } catch { throw ModelMismatch("\(what): \(error)") }
  }

  /// A store whose opening fails at any file call opens the next time.
  @Test func anyFileCallOfOpeningMayFail() throws {
    let bench = try StoreBench(seed: 62, options: StoreFixture.options(graphRows: 5_000))
    try bench.fill(150, step: 50)
    var succeeded = false
    for number in 0..<200 where !succeeded {
      bench.store.close()
      let files = FaultInjectingFileSystem(failAt: number)
      do {
        try bench.reopen(fileSystem: files)
        succeeded = !files.hasFailed
      } catch is StoreError {}
      try bench.reopen()
      try bench.store.runBackgroundWork(isIdle: false)
      do { try bench.check(queries: 1) } catch { throw ModelMismatch("call \(number): \(error)") }
    }
    #expect(succeeded)
  }

  /// A sound segment that cannot be opened for want of descriptors, say, stays what it is.
  @Test func aSegmentThatCannotBeReadNowIsNotSetAside() throws {
    let bench = try StoreBench(seed: 63, options: StoreFixture.options(graphRows: 5_000))
    try bench.fill(150, step: 50)
    try bench.store.runBackgroundWork()
    let before = try bench.files()
    bench.store.close()
    for number in 0..<60 {
      let files = FaultInjectingFileSystem(failAt: number, fault: .fail(.limitExceeded))
      do { try bench.reopen(fileSystem: files) } catch { #expect(error is StoreError) }
      bench.store.close()
      try bench.reopen()
      #expect(try bench.files() == before, "call \(number)")
      try bench.check(queries: 1)
      bench.store.close()
      if !files.hasFailed { break }
    }
    try bench.reopen()
  }
}
