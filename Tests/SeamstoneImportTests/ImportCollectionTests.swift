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

/// Collections that an import makes, and what files say of themselves.
@Suite struct ImportCollectionTests {
  @Test(
    arguments: [
      ("idmap-ivf.faiss", .automatic, .l2Squared, 6), ("flat-ip.faiss", .automatic, .dot, 6),
      ("hnsw.faiss", .automatic, .l2Squared, 6),
      ("angular.ann", .annoy(metric: .angular, dimensions: 6), .cosine, 6),
      ("manhattan.ann", .annoy(metric: .manhattan, dimensions: 6), .manhattan, 6),
      ("hamming.ann", .annoy(metric: .hamming, dimensions: 70), .hamming, 70),
    ] as [(String, ImportFormat, Metric, Int)])
  func `a collection is made with the file's dimensions and metric`(
    _ file: String, _ format: ImportFormat, _ metric: Metric, _ dimensions: Int
  ) async throws {
    let place = try ImportStore()
    let (collection, summary) = try await place.store.importCollection(
      "New", from: ImportFixture.path(file), format: format)
    let configuration = try collection.configuration()
    #expect(configuration.metric == metric && configuration.dimensions == dimensions)
    #expect(try collection.count() == summary.rows && summary.rows >= 34)
    // It is there now, so nothing has to be said.
    let again = try await place.store.importCollection(
      "New", from: ImportFixture.path(file), format: format)
    #expect(again.summary.inserted == 0)
  }

  @Test func `a configuration that is given is kept, with the file's dimensions`() throws {
    let place = try ImportStore()
    let (collection, _) = try place.store.importCollection(
      "New", from: ImportFixture.path("l2.hnswlib"),
      configuration: CollectionConfiguration(metric: .manhattan, index: .flat))
    let configuration = try collection.configuration()
    #expect(configuration.metric == .manhattan && configuration.index == .flat)
    #expect(configuration.dimensions == 6)
    let bits = try place.store.importCollection(
      "Bits", from: ImportFixture.path("arrays.safetensors"),
      format: .safetensors(tensor: "unsigned"),
      configuration: CollectionConfiguration(index: .flat, elementType: .bits))
    #expect(try bits.collection.configuration().dimensions == 48)
    let error = #expect(throws: StoreError.self) {
      try place.store.importCollection(
        "New", from: ImportFixture.path("l2.hnswlib"),
        configuration: CollectionConfiguration(metric: .cosine))
    }
    #expect(error?.code == .invalidConfiguration)
  }

  @Test func `nothing is made where the metric is unknown or the file malformed`() async throws {
    let place = try ImportStore()
    for file in ["l2.hnswlib", "arrays.safetensors", "flat-lp.faiss", "refused-pca.faiss"] {
      let error = await #expect(throws: StoreError.self) {
        try await place.store.importCollection("New", from: ImportFixture.path(file))
      }
      #expect(
        error?.code == (file.hasPrefix("refused") ? .invalidData : .invalidArgument), "\(file)")
    }
    #expect(try place.store.collectionNames().isEmpty)
  }

  @Test func `nothing is made for rows that turn out wrong at once`() throws {
    let place = try ImportStore()
    let faiss = ImportFixture.path("flat-l2.faiss")
    let garbage = try place.write("a.jsonl", ["{]", #"{"vector": [1, 2]}"#])
    let objects = try place.write("o.jsonl", [#"{"id": 1}"#])
    let nowhere = place.directory.file("missing.jsonl")
    let five = CollectionConfiguration(dimensions: 5, metric: .cosine)
    for (path, format, configuration, objects) in [
      (faiss, .automatic, five, nil), (faiss, .automatic, nil, nowhere),
      (faiss, .automatic, nil, objects),
      (ImportFixture.path("ivf.faiss"), .automatic, nil, objects),
      (garbage, .automatic, CollectionConfiguration(metric: .dot), nil),
      (
        ImportFixture.path("angular.ann"), .annoy(metric: .angular, dimensions: 6), five, nil
      ),
    ] as [(String, ImportFormat, CollectionConfiguration?, String?)] {
      #expect(throws: StoreError.self, "\(path)") {
        try place.store.importCollection(
          "New", from: path, format: format, configuration: configuration,
          options: ImportOptions(objects: objects.map { FilePath($0) }))
      }
      #expect(try place.store.collectionNames().isEmpty, "\(path)")
    }
  }

  @Test func `a collection is made of what comes through a pipe`() throws {
    let place = try ImportStore()
    let path = place.directory.file("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let lines = Array((0..<30).map { "{\"id\": \($0), \"vector\": [1, \($0)]}\n" }.joined().utf8)
    let writer = try PosixThread.start(name: "writer", stackSize: 1 << 20) {
      let descriptor = open(path, O_WRONLY)
      _ = write(descriptor, lines, lines.count)
      close(descriptor)
    }
    let (collection, summary) = try place.store.importCollection(
      "New", from: path, format: .jsonLines,
      configuration: CollectionConfiguration(metric: .l2Squared, index: .flat))
    writer.join()
    #expect(summary.inserted == 30)
    #expect(try collection.configuration().dimensions == 2 && collection.count() == 30)
  }

  @Test func `an empty file leaves an index open that is built once`() throws {
    let place = try ImportStore()
    let path = try place.write("none.jsonl", [""])
    let (collection, summary) = try place.store.importCollection(
      "New", from: path,
      configuration: CollectionConfiguration(dimensions: 2, metric: .cosine, index: .annoy()))
    #expect(summary.rows == 0)
    try collection.upsert([VectorObject(id: .int(1), vector: [1, 2])])
  }

  @Test func `a file is described without being read`() throws {
    let faiss = try VectorFileDescription(of: FilePath(ImportFixture.path("ivf.faiss")))
    #expect(faiss.format == .faiss && faiss.rowCount == 40)
    #expect(faiss.dimensions == 6 && faiss.metric == .l2Squared)
    let labels = try VectorFileDescription(of: FilePath(ImportFixture.path("ip.hnswlib")))
    #expect(labels.rowCount == nil && labels.dimensions == 6 && labels.metric == nil)
    let refused = #expect(throws: StoreError.self) {
      try VectorFileDescription(of: FilePath("/dev/null"), format: .jsonLines)
    }
    #expect(refused?.code == .invalidArgument)
  }
}
