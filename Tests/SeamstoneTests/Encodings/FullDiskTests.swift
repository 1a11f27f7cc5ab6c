#if os(Linux)
  import Glibc
  import StorageIO
  import StoreModel
  import TestSupport
  import Testing

  @testable import Seamstone

  /// A small disk of its own; needs the right to mount one.
  final class SmallDisk {
    let directory: TemporaryDirectory
    var path: String { directory.path }

    /// nil where mounting is not allowed.
    init?(megabytes: Int) throws {
      directory = try TemporaryDirectory()
      guard mount("tmpfs", directory.path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
        return nil
      }
    }

    deinit { umount2(directory.path, Int32(MNT_DETACH)) }

    /// Fills the disk but for so many bytes.
    func fill(leaving bytes: Int) throws {
      remove("\(path)/ballast")
      let free = Int(try PosixFileSystem().freeSpace(path))
      let file = try PosixFileSystem().createFile("\(path)/ballast", truncating: true)
      let block = [UInt8](repeating: 1, count: 4_096)
      for _ in 0..<max(0, free - bytes) / block.count {
        try block.withRawBytes { raw throws(StoreError) in try file.append(raw) }
      }
      try file.close()
    }

    func empty() { remove("\(path)/ballast") }

    static let isAllowed = (try? SmallDisk(megabytes: 1)) != nil
  }

  /// Conversions on a disk that runs full.
  @Suite struct FullDiskTests {
    @Test(.enabled(if: SmallDisk.isAllowed, "mounting a small disk needs root"))
    func aConversionWaitsForSpace() throws {
      let disk = try #require(try SmallDisk(megabytes: 32))
      // Says that there is room, so that writing goes on until the disk is really full.
      let files = FaultInjectingFileSystem()
      files.reportFreeSpace(1 << 40)
      let path = FilePath(disk.path + "/store.seam")
      var store = try Store.open(at: path, options: EncodedStore.options(), fileSystem: files)
      defer { store.close() }
      var random = SeededGenerator(seed: 8)
      var model = ModelCollection(metric: .l2Squared)
      let objects = (0..<2_100).map { id in
        VectorObject(id: .int(Int64(id)), vector: (0..<32).map { _ in random.gaussian() })
      }
      model.upsert(objects)
      var collection = try store.collection(
        "things", .init(dimensions: 32, metric: .l2Squared, index: .hnsw(m: 8), encoding: .int8()))
      try collection.upsert(objects)
      try collection.compact(full: true)
      let encodings: [VectorEncoding] = [.float32, .int8(), .pq(centroids: 16), .float16]
      for (round, free) in [0, 60, 250, 600].enumerated() {
        let encoding = encodings[round % 4]
        try collection.reconfigure(encoding: encoding)
        try disk.fill(leaving: free << 10)
        do throws(StoreError) {
          try store.runBackgroundWork()
        } catch {
          #expect([.noSpace, .outcomeUnknown, .poisoned].contains(error.code), "\(error)")
        }
        // Full or not: it answers, and exactly.
        _ = try ModelComparison(collection, model).checkAll(
          queries: 2, random: &random, dimensions: 32)
        if store.poisonedBy != nil || round % 3 == 0 {
          store.close()
          disk.empty()
          store = try Store.open(at: path, options: EncodedStore.options(), fileSystem: files)
          collection = try store.collection("things")
        }
        disk.empty()
        try store.runBackgroundWork()
        let figures = try #require(try store.statistics().collections.first)
        #expect(figures.outdated == 0 && figures.lastConversionError == nil, "\(free) KiB")
        #expect(try collection.configuration().encoding == encoding)
        try ModelComparison(collection, model).checkObjects()
        #expect(try PosixFileSystem().list(disk.path + "/store.seam/segments").count == 1)
      }
    }
  }
#endif
