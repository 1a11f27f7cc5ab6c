import SegmentFiles
import StorageIO
import StoreModel
import TestSupport
import Testing
import VectorIndexes

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whatever happens to a segment file, the store opens, answers right, and makes it anew.
@Suite struct SegmentFileDamageTests {
  /// How many bits are flipped in small segments; `SEAMSTONE_FLIPS` sets it.
  private static let flips = TestSettings.number("SEAMSTONE_FLIPS") ?? 24

  /// How many bits are flipped in segments with graphs of thousands of nodes, each of which is then built
  /// anew; `SEAMSTONE_FLIPS` sets it.
  private static let graphFlips =
    TestSettings.number("SEAMSTONE_FLIPS") ?? (TestSettings.isLong ? 1_000 : 4)

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

  /// Opens, compares, rebuilds, compares. Returns the recall when the store had been opened, and after the
  /// segment was built anew.
  @discardableResult
  private func checkRecovery(_ bench: StoreBench, _ what: String) throws -> BeamRecall {
    do {
      var options = bench.options
      options.verification = .full
      try bench.reopen(options: options)
      guard bench.store.recentEvents.contains(where: { $0.kind == .segmentQuarantined }) else {
        throw ModelMismatch("no event says so")
      }
      var recall = try bench.check(queries: 2)
      try bench.store.runBackgroundWork(isIdle: false)
      guard bench.store.recentEvents.contains(where: { $0.kind == .segmentRebuilt }) else {
        throw ModelMismatch("no segment was rebuilt")
      }
      if bench.state?.segments.contains(where: { $0.handle == nil }) != false {
        throw ModelMismatch("a segment is still missing")
      }
      recall += try bench.check(queries: 2)
      return recall
    } catch {
      throw ModelMismatch("\(what): \(error)")
    }
  }

  @Test func deletedAndTruncatedFilesAreRebuilt() throws {
    let bench = try StoreBench(seed: 71)
    try bench.fill()
    #expect((bench.state?.segments.count ?? 0) >= 2)
    _ = try deleteAndTruncate(bench, shares: [0.0, 0.3, 0.999])
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

  /// Deletes each segment in turn, and cuts one to each of these shares of its length.
  private func deleteAndTruncate(_ bench: StoreBench, shares: [Double]) throws -> BeamRecall {
    var recall = BeamRecall()
    for position in 0..<(bench.state?.segments.count ?? 0) {
      let number = try #require(bench.state?.segments[position].entry.number)
      let path = StorePaths(bench.path.string).segment(number)
      bench.store.close()
      unlink(path)
      recall += try checkRecovery(bench, "segment \(number) deleted")
    }
    for share in shares {
      let number = try #require(bench.largestSegment?.entry.number)
      let path = StorePaths(bench.path.string).segment(number)
      let original = try bytes(path)
      bench.store.close()
      try write(Array(original.prefix(Int(Double(original.count) * share))), to: path)
      recall += try checkRecovery(bench, "segment \(number) cut to \(share)")
    }
    return recall
  }

  @Test func flippedBitsAreFoundAndRepaired() throws {
    let seed = UInt64(TestSettings.number("SEAMSTONE_SEED") ?? 72)
    let bench = try StoreBench(dimensions: 6, metric: .cosine, seed: seed)
    try bench.fill(300, step: 60)
    for flip in 0..<Self.flips { try flipABit(flip, bench, "seed \(seed)") }
  }

  /// In a store whose largest graph has far more nodes than a search with ef 400 visits.
  @Test func largeGraphsAreRebuiltAsGoodAsTheyWere() throws {
    let seed = UInt64(TestSettings.number("SEAMSTONE_SEED") ?? 75)
    let bench = try StoreBench(
      dimensions: 8, metric: .l2Squared, seed: seed, options: StoreFixture.graphOptions())
    try bench.fill(2_600, step: 520)
    let rows = bench.largestSegment?.entry.rowCount ?? 0
    #expect(rows >= 1_000 && bench.largestSegment?.handle?.index.hasGraph == true)
    var recall = try deleteAndTruncate(bench, shares: [0.6])
    for flip in 0..<Self.graphFlips { recall += try flipABit(flip, bench, "seed \(seed)") }
    try recall.require()
    print(
      "\(Self.graphFlips) bits flipped, graph of \(rows) rows, recall \(recall), seed \(seed)")
  }

  /// Flips one bit of one segment, and checks that the store finds and mends it.
  @discardableResult
  private func flipABit(_ flip: Int, _ bench: StoreBench, _ what: String) throws -> BeamRecall {
    let segments = bench.state?.segments ?? []
    guard let segment = segments.randomElement(using: &bench.random) else {
      throw ModelMismatch("\(what): there are no segments")
    }
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
    let recall = try checkRecovery(bench, "\(what), flip \(flip): bit \(bit) of byte \(offset)")
    for name in try bench.files() where name.hasSuffix(".bad") {
      unlink(bench.segmentDirectory + "/" + name)
    }
    return recall
  }

  /// Without the full check a damaged segment may answer wrongly, but it never takes the process
  /// down, and the scrub finds it.
  @Test func aQuickOpenSurvivesDamageAndTheScrubFindsIt() throws {
    let bench = try StoreBench(seed: 73)
    try bench.fill(300, step: 60)
    var options = StoreFixture.options(manual: false)
    options.verification = .quick
    for _ in 0..<12 {
      let number = try #require(
        bench.state?.segments.randomElement(using: &bench.random)?.entry.number)
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
    let segment = try #require(bench.state?.segments.first?.entry)
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

  /// A merge takes a graph over into a file with new checksums, so what is wrong in it would look right for ever.
  @Test(arguments: [false, true])
  func aMergeDoesNotTakeOverADamagedGraph(isDamaged: Bool) throws {
    let bench = try StoreBench(seed: 77)
    try bench.upsert(0..<400)
    try bench.collection.compact(full: true)
    try bench.upsert(400..<430)
    let segment = try #require(bench.largestSegment)
    try #require(segment.handle?.index.hasGraph == true)
    let path = StorePaths(bench.path.string).segment(segment.entry.number)
    bench.store.close()
    var damaged = try bytes(path)
    if isDamaged { damaged[damaged.count / 2] ^= 1 }
    try write(damaged, to: path)
    // A quick open reads only the ends of the file, and nothing has scrubbed it yet.
    try bench.reopen()
    try #require(bench.largestSegment?.handle?.index.hasGraph == true)
    try bench.collection.compact(full: true)
    let merged = try #require(bench.state?.segments.first?.handle)
    #expect(bench.state?.segments.count == 1 && merged.index.hasGraph)
    #expect(merged.index.header.generation == (isDamaged ? 0 : 1))
    #expect(try bench.store.verify(deep: true).findings == [])
    try bench.check(queries: 2)
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
    #expect(findings.first?.remedy.contains("repair") == true)
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
    let entry = try #require(bench.state?.manifest.entries.first)
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
