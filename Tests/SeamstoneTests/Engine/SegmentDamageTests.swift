import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whatever happens to a segment file, the store opens, answers right, and makes it anew.
@Suite struct SegmentFileDamageTests {
  private static let isLong = getenv("SEAMSTONE_LONG_TESTS") != nil

  private func bytes(_ path: String) throws -> [UInt8] {
    let file = fopen(path, "rb")
    guard let file else { throw ModelMismatch("\(path) cannot be opened") }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: try PosixFileSystem().length(path))
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = fopen(path, "wb")
    guard let file else { throw ModelMismatch("\(path) cannot be written") }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw ModelMismatch("\(path) was not written")
    }
  }

  private var full: StoreOptions {
    var options = StoreFixture.options()
    options.verification = .full
    return options
  }

  /// Opens, compares, rebuilds, compares. `isHarmless` allows damage that changes nothing.
  private func checkRecovery(_ bench: StoreBench, _ what: String, isHarmless: Bool = false) throws {
    do {
      try bench.reopen(options: full)
      let wasFound = bench.store.recentEvents.contains { $0.kind == .segmentQuarantined }
      guard wasFound || isHarmless else { throw ModelMismatch("no event says so") }
      try bench.check(queries: 2)
      try bench.store.runBackgroundWork(isIdle: false)
      if wasFound {
        guard bench.store.recentEvents.contains(where: { $0.kind == .segmentRebuilt }) else {
          throw ModelMismatch("no segment was rebuilt")
        }
      }
      if bench.state?.segments.contains(where: { $0.handle == nil }) != false {
        throw ModelMismatch("a segment is still missing")
      }
      try bench.check(queries: 2)
    } catch {
      throw ModelMismatch("\(what): \(error)")
    }
  }

  @Test func deletedAndTruncatedFilesAreRebuilt() throws {
    let bench = try StoreBench(seed: 71)
    try bench.fill()
    let count = bench.state?.segments.count ?? 0
    #expect(count >= 2)
    for position in 0..<count {
      guard let number = bench.state?.segments[position].entry.number else { continue }
      let path = StorePaths(bench.path.string).segment(number)
      bench.store.close()
      unlink(path)
      try checkRecovery(bench, "segment \(number) deleted")
    }
    for share in [0.0, 0.3, 0.999] {
      guard let number = bench.state?.segments.last?.entry.number else { continue }
      let path = StorePaths(bench.path.string).segment(number)
      let original = try bytes(path)
      bench.store.close()
      try write(Array(original.prefix(Int(Double(original.count) * share))), to: path)
      try checkRecovery(bench, "segment \(number) cut to \(share)")
    }
    // All of them at once, by somebody who tidied up.
    bench.store.close()
    for name in try bench.files() { unlink(bench.segmentDirectory + "/" + name) }
    try checkRecovery(bench, "all segments deleted")
    // What was set aside stays for people to look at; nothing else is left over.
    try bench.reopen()
    let named = Set(bench.state?.segments.map(\.entry.number) ?? [])
    let kept = try bench.files().filter { !$0.hasSuffix(".bad") }
    #expect(kept.count == named.count)
  }

  @Test func flippedBitsAreFoundAndRepaired() throws {
    let seed = UInt64(getenv("SEAMSTONE_SEED").flatMap { Int(String(cString: $0)) } ?? 72)
    let bench = try StoreBench(dimensions: 6, metric: .cosine, seed: seed)
    try bench.fill(300, step: 60)
    let flips = Self.isLong ? 1_000 : 120
    for flip in 0..<flips {
      let segments = bench.state?.segments ?? []
      guard let segment = segments.randomElement(using: &bench.random) else { return }
      let path = StorePaths(bench.path.string).segment(segment.entry.number)
      bench.store.close()
      var damaged = try bytes(path)
      // Half of the flips go to the two ends, where header, table and footer are.
      let edge = min(4_096, damaged.count)
      let offset =
        switch flip % 4 {
        case 0: Int.random(in: 0..<edge, using: &bench.random)
        case 1: Int.random(in: (damaged.count - edge)..<damaged.count, using: &bench.random)
        default: Int.random(in: 0..<damaged.count, using: &bench.random)
        }
      let bit = Int.random(in: 0..<8, using: &bench.random)
      damaged[offset] ^= 1 << UInt8(bit)
      try write(damaged, to: path)
      try checkRecovery(bench, "seed \(seed), flip \(flip): bit \(bit) of byte \(offset)")
      for name in try bench.files() where name.hasSuffix(".bad") {
        unlink(bench.segmentDirectory + "/" + name)
      }
    }
  }

  /// Without the full check a damaged segment may answer wrongly, but it never takes the process
  /// down, and the scrub finds it.
  @Test func aQuickOpenSurvivesDamageAndTheScrubFindsIt() throws {
    let bench = try StoreBench(seed: 73)
    try bench.fill(300, step: 60)
    var options = StoreFixture.options(manual: false)
    options.verification = .quick
    for _ in 0..<12 {
      guard let number = bench.state?.segments.randomElement(using: &bench.random)?.entry.number
      else { return }
      let path = StorePaths(bench.path.string).segment(number)
      bench.store.close()
      var damaged = try bytes(path)
      for _ in 0..<64 {
        damaged[Int.random(in: 0..<damaged.count, using: &bench.random)] = UInt8.random(
          in: 0...255, using: &bench.random)
      }
      try write(damaged, to: path)
      try bench.reopen(options: options)
      for _ in 0..<5 {
        _ = try bench.collection.search(near: bench.vector(), limit: 10, ef: 200)
      }
      let isRepaired = waitUntil {
        bench.store.recentEvents.contains { $0.kind == .segmentRebuilt }
      }
      #expect(isRepaired)
      try bench.check(queries: 2)
    }
  }

  /// Without threads nobody reads what a quick open left unread, until background work is asked for.
  @Test func theManualSchedulerScrubsToo() throws {
    let bench = try StoreBench(seed: 75)
    try bench.fill(300, step: 60)
    guard let segment = bench.state?.segments.first?.entry else { return }
    let path = StorePaths(bench.path.string).segment(segment.number)
    bench.store.close()
    var damaged = try bytes(path)
    damaged[damaged.count / 2] ^= 1
    try write(damaged, to: path)
    try bench.reopen()
    #expect(!bench.store.recentEvents.contains { $0.kind == .segmentQuarantined })
    try bench.store.runBackgroundWork(isIdle: false)
    for kind in [StoreEvent.Kind.segmentQuarantined, .segmentRebuilt, .scrubFinished] {
      #expect(bench.store.recentEvents.contains { $0.kind == kind }, "\(kind)")
    }
    try bench.check(queries: 2)
    // Once is enough.
    try bench.store.runBackgroundWork(isIdle: false)
    #expect(bench.store.recentEvents.count { $0.kind == .scrubFinished } == 1)
  }

  /// The pages of LMDB's trees carry no checksum; what their structure gives away is found by a deep check.
  @Test func aDeepCheckFindsADamagedPage() throws {
    let bench = try StoreBench(dimensions: 32, seed: 76)
    try bench.upsert(0..<600)
    #expect(try bench.store.verify(deep: true).findings == [])
    bench.store.close()
    let path = StorePaths(bench.path.string).data
    let original = try bytes(path)
    var options = StoreFixture.options()
    options.readOnly = true
    // Leaves say which page they are: these say something else.
    var damaged = original
    for page in 2..<(damaged.count / 4_096) where damaged[page * 4_096 + 10] == 2 {
      damaged[page * 4_096 + 5] ^= 0x40
    }
    try write(damaged, to: path)
    try bench.reopen(options: options)
    let findings = try bench.store.verify(deep: true).findings
    #expect(findings.count == 1)
    #expect(findings.first?.code == .corruption && findings.first?.collection == nil)
    #expect(findings.first?.message.contains("damaged at page") == true, "\(findings)")
    #expect(findings.first?.remedy != nil)
    bench.store.close()
    try write(original, to: path)
    try bench.reopen(options: options)
    #expect(try bench.store.verify(deep: true).findings == [])
  }

  /// A commit that was being prepared while a segment was set aside must not bring it back.
  @Test func aSegmentThatWasSetAsideStaysSetAside() throws {
    let bench = try StoreBench(seed: 74)
    try bench.fill()
    let states = bench.store.core.states
    guard let entry = bench.state?.manifest.entries.first else { return }
    let before = states.current
    states.setAside(entry)
    var next = before
    next.transactionID += 1
    states.install(pending: next)
    states.confirmPending()
    #expect(bench.state?.segments.first?.handle == nil)
    states.follow(before)
    #expect(bench.state?.segments.first?.handle == nil)
    #expect((bench.state?.segments.count ?? 0) > 1)
    #expect(bench.state?.segments.last?.handle != nil)
  }
}
