import TestSupport
import Testing

@testable import CrashImages

/// What the model of a disk keeps through a crash.
struct DiskTests {
  private func disk(_ calls: [FileCall], failedSyncsPersist: Bool = true) -> Disk {
    var disk = Disk(failedSyncsPersist: failedSyncsPersist)
    for call in calls { disk.apply(call) }
    return disk
  }

  private func files(_ disk: Disk, _ kind: CrashKind, seed: UInt64 = 1) -> [String: [UInt8]] {
    var random = SeededGenerator(seed: seed)
    let image = disk.image(kind, random: &random)
    return Dictionary(uniqueKeysWithValues: image.files.map { ($0.path, $0.bytes) })
  }

  private let root = FileCall.open(handle: 9, path: "", creates: false, truncates: false)
  private let create = FileCall.open(handle: 1, path: "a", creates: true, truncates: false)
  private func write(_ bytes: [UInt8], at offset: Int = 0, isDurable: Bool = false) -> FileCall {
    .write(handle: 1, offset: offset, bytes: bytes, isDurable: isDurable)
  }
  private let sync = FileCall.sync(handle: 1, isFailed: false)
  private let syncRoot = FileCall.sync(handle: 9, isFailed: false)

  @Test func aNameNeedsASyncOfItsDirectory() {
    let calls = [root, create, write([1, 2]), sync]
    #expect(files(disk(calls), .everything) == ["a": [1, 2]])
    #expect(files(disk(calls), .nothing) == [:])
    #expect(files(disk(calls + [syncRoot]), .nothing) == ["a": [1, 2]])
  }

  @Test func bytesNeedASyncOfTheirFile() {
    let calls = [root, create, syncRoot, write([1, 2]), sync, write([3], at: 1)]
    #expect(files(disk(calls), .nothing) == ["a": [1, 2]])
    #expect(files(disk(calls), .everything) == ["a": [1, 3]])
    let resized = calls + [.resize(handle: 1, length: 1)]
    #expect(files(disk(resized), .nothing) == ["a": [1, 2]])
    #expect(files(disk(resized + [sync]), .nothing) == ["a": [1]])
  }

  /// A write through a descriptor opened with O_DSYNC brings itself to the disk and nothing else.
  @Test func aDurableWriteIsDurableAlone() {
    let calls = [root, create, syncRoot, write([1, 1, 1, 1]), write([2], at: 1, isDurable: true)]
    #expect(files(disk(calls), .nothing) == ["a": [0, 2]])
    #expect(files(disk(calls + [sync]), .nothing) == ["a": [1, 2, 1, 1]])
  }

  @Test func aRenameNeedsASyncOfTheDirectory() {
    let calls = [root, create, write([7]), sync, syncRoot, .rename("a", to: "b")]
    #expect(files(disk(calls), .nothing) == ["a": [7]])
    #expect(files(disk(calls), .everything) == ["b": [7]])
    #expect(files(disk(calls + [syncRoot]), .nothing) == ["b": [7]])
    // A journal has all of a rename or nothing.
    for seed in 0..<20 {
      #expect(files(disk(calls), .someBlocks, seed: UInt64(seed)).count == 1)
    }
  }

  @Test func blocksAreTornAndReordered() {
    let calls = [root, create, syncRoot, write([UInt8](repeating: 1, count: 4096 * 3))]
    let images = Set((0..<200).map { files(disk(calls), .someBlocks, seed: $0)["a"] ?? [] })
    func has(_ image: [UInt8], _ block: Int) -> Bool {
      image.count > 4096 * block && image[4096 * block] == 1
    }
    // Each block may be there without any other.
    for block in 0..<3 {
      #expect(images.contains { image in (0..<3).allSatisfy { has(image, $0) == ($0 == block) } })
    }
    let sectors = (0..<50).map { files(disk(calls), .someSectors, seed: $0)["a"] ?? [] }
    #expect(sectors.contains { $0.count % 4096 != 0 && $0.count % 512 == 0 })
  }

  @Test func aFailedSyncMayLoseWhatItWasToWrite() {
    let failed = FileCall.sync(handle: 1, isFailed: true)
    let calls = [root, create, syncRoot, write([1]), failed, write([2], at: 1), sync]
    #expect(files(disk(calls), .nothing) == ["a": [1, 2]])
    #expect(files(disk(calls, failedSyncsPersist: false), .nothing) == ["a": [0, 2]])
    #expect(files(disk(calls, failedSyncsPersist: false), .everything) == ["a": [1, 2]])
  }

  @Test func aCrashWithinACallLeavesAPartOfIt() {
    var disk = disk([root, create, syncRoot, write([1]), sync])
    disk.begin(write([5, 5], at: 0, isDurable: true))
    let images = Set((0..<20).map { files(disk, .someSectors, seed: $0)["a"] ?? [] })
    #expect(images == [[1], [5, 5]])
  }
}
