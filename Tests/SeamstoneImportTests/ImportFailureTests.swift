import Seamstone
import SeamstoneImport
import StorageIO
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files that cannot be imported, or not to their end.
@Suite struct ImportFailureTests {
  private func failure(
    _ place: ImportStore, _ path: String, _ format: ImportFormat = .automatic,
    options: ImportOptions = .init(batchRows: 10), dimensions: Int? = nil
  ) throws -> StoreError {
    let collection = try place.collection(dimensions: dimensions)
    return try #require(
      #expect(throws: StoreError.self, "\(path)") {
        try collection.importVectors(from: path, format: format, options: options)
      })
  }

  private func contents(_ name: String) throws -> [UInt8] {
    let file = try PosixFileSystem().openFile(ImportFixture.path(name))
    defer { file.close() }
    return try file.readBytes(file.length, at: 0)
  }

  @Test(
    arguments: [
      // Where a size or kind is that no file has; the fixtures' layouts are those of the tools.
      ("l2.hnswlib", .automatic, 24), ("flat-l2.faiss", .automatic, 37),
      ("ivf.faiss", .automatic, 8),
      ("idmap-flat.faiss", .automatic, 37), ("arrays.safetensors", .automatic, 0),
      ("angular.ann", .annoy(metric: .angular, dimensions: 6), 0),
    ] as [(String, ImportFormat, Int)])
  func `a malformed file is refused with its byte, and nothing is written`(
    _ name: String, _ format: ImportFormat, _ offset: Int
  ) throws {
    let place = try ImportStore()
    var bytes = try contents(name)
    for byte in offset..<offset + 8 { bytes[byte] = 0x7F }
    let error = try failure(place, place.write(name, bytes), format)
    #expect(error.code == .invalidData, "\(error)")
    #expect(error.location?.path == place.directory.file(name))
    #expect(error.location?.offset == offset, "\(error)")
    #expect(error.remedy != nil)
    #expect(try place.vectors().isEmpty)
  }

  @Test func `a bad row ends the import; the rows before it stay, nothing else`() async throws {
    let place = try ImportStore()
    let collection = try place.collection()
    var rows = (0..<40).map { [Float($0), 1] }
    rows[25][1] = .nan
    let path = try place.fvecs("v.fvecs", rows)
    let seen = ConditionLock(0)
    let error = await #expect(throws: StoreError.self) {
      try await collection.importVectors(from: path, options: ImportOptions(batchRows: 10)) {
        progress in
        seen.withLock { $0 = progress.summary.rows }
      }
    }
    #expect(error?.code == .invalidData && error?.message.contains("row 25, component 1") == true)
    #expect(error?.location?.offset == 25 * 12 + 8)
    // The rows of the batch at hand that were good come as a batch of their own.
    #expect(seen.withLock { $0 } == 25)
    #expect(try place.vectors().count == 25)
  }

  @Test func `other dimensions than the collection's are named`() throws {
    let place = try ImportStore()
    for (file, format) in [
      ("l2.hnswlib", .automatic), ("idmap-ivf.faiss", .automatic),
      ("arrays.safetensors", .automatic),
      ("dot.ann", .annoy(metric: .dot, dimensions: 6)),
    ] as [(String, ImportFormat)] {
      let error = try failure(place, ImportFixture.path(file), format, dimensions: 5)
      #expect(error.code == .dimensionMismatch, "\(error)")
      #expect(error.message.contains("6") && error.message.contains("5"))
    }
    let lines = try place.write("v.jsonl", [#"{"vector": [1, 2, 3, 4, 5]}"#, #"{"vector": [1]}"#])
    let error = try failure(place, lines, dimensions: 5)
    #expect(error.code == .dimensionMismatch && error.message.contains("row 1, line 2"), "\(error)")
    #expect(try place.vectors().count == 1)
  }

  @Test func `what is not said, not there or not possible has its own code`() throws {
    let place = try ImportStore()
    let ann = ImportFixture.path("angular.ann")
    for (path, format, code) in [
      (ann, .automatic, .invalidArgument), (ann, .annoy(metric: .angular), .invalidArgument),
      (ann, .annoy(metric: .angular, dimensions: 0), .invalidArgument),
      ("vectors", .automatic, .invalidArgument), ("/nowhere/a.npy", .automatic, .notFound),
      (place.directory.path, .npy, .invalidData),
      (ImportFixture.path("refused-sq8.faiss"), .automatic, .invalidData),
    ] as [(String, ImportFormat, StoreError.Code)] {
      let error = try failure(place, path, format)
      #expect(error.code == code, "\(error)")
    }
    for rows in [0, 1_000_001] {
      let error = try failure(
        place, ImportFixture.path("l2.hnswlib"), options: ImportOptions(batchRows: rows))
      #expect(error.code == .invalidArgument)
    }
    let objects = try place.write("o.jsonl", [#"{"id": 1}"#])
    let error = try failure(
      place, ImportFixture.path("ivf.faiss"), options: ImportOptions(objects: FilePath(objects)))
    #expect(error.code == .invalidData && error.message.contains("in lists"))
    #expect(try place.vectors().isEmpty)
  }

  @Test func `a cancelled import ends after the batch at hand`() async throws {
    let place = try ImportStore()
    let collection = try place.collection()
    let path = ImportFixture.path("l2.hnswlib")
    let task = ConditionLock<Task<ImportSummary, any Error>?>(nil)
    let started = Task {
      try await collection.importVectors(from: path, options: ImportOptions(batchRows: 4)) {
        progress in
        // Cancelled from within, the test knows how far it was.
        if progress.summary.batches == 2 { task.wait { $0 }.cancel() }
      }
    }
    task.update { $0 = started }
    await #expect(throws: CancellationError.self) { try await started.value }
    #expect(try place.vectors().count == 8)
    #expect(try await collection.importVectors(from: path).inserted == 31)
  }

  @Test func `cancelling ends an import that waits for a pipe`() async throws {
    let place = try ImportStore()
    let collection = try place.collection()
    let path = place.directory.file("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    // Open for both ends, so that neither waits for the other and none ends.
    let descriptor = open(path, O_RDWR)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let line = Array("{\"id\": 1, \"vector\": [1, 2]}\n".utf8)
    try #require(write(descriptor, line, line.count) == line.count)
    let reached = ConditionLock(false)
    let task = Task {
      try await collection.importVectors(
        from: path, format: .jsonLines, options: ImportOptions(batchRows: 1)
      ) { _ in reached.update { $0 = true } }
    }
    await Task.detached { _ = reached.wait { $0 ? true : nil } }.value
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try place.vectors() == [1: [1, 2]])
  }

  @Test func `cancelling ends an import that waits for somebody to open its pipe`() async throws {
    let place = try ImportStore()
    let collection = try place.collection()
    let path = place.directory.file("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let task = Task { try await collection.importVectors(from: path, format: .jsonLines) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    // The thread that reads waits still; it ends when the other end is opened and closed.
    let descriptor = open(path, O_RDWR | O_NONBLOCK)
    close(descriptor)
  }
}
