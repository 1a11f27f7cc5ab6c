import JSONText
import ObjectStorage
import Seamstone
import StorageIO
import TestSupport
import Testing

/// Transforms in configurations: read, written, and refused with the reason.
@Suite struct TransformConfigurationTests {
  @Test(
    arguments: [
      (.none, "none"), (.pca(dimensions: 64), "pca:64"), (.opq(subvectors: 16), "opq:16"),
      (.opq(subvectors: 16, dimensions: 64), "opq:16:64"),
    ] as [(VectorTransform, String)])
  func theyAreReadAsTheyAreWritten(_ transform: VectorTransform, _ text: String) throws {
    #expect("\(transform)" == text && VectorTransform(text) == transform)
    let configuration = CollectionConfiguration(dimensions: 384, transform: transform)
    let written = try PropertyEncoder().encode(configuration)
    #expect(
      try PropertyDecoder().decode(CollectionConfiguration.self, from: written) == configuration)
    // What is usual is not written, so that older releases read it.
    guard case .object(let members) = written else { throw StoreError(.internalError, "no object") }
    #expect((members["transform"] == nil) == (transform == .none))
    let short = PropertyValue.object(["transform": .string(text)])
    #expect(
      try PropertyDecoder().decode(CollectionConfiguration.self, from: short).transform
        == transform)
  }

  @Test(arguments: ["", "pca", "pca:", "pca:x", "pca:1:2", "opq:", "opq:1:2:3", "PCA:4", "none:1"])
  func otherTextsAreRefused(_ text: String) { #expect(VectorTransform(text) == nil) }

  @Test(
    arguments: [
      (#"{"kind": "pcb", "dimensions": 4}"#, "pcb"), (#"{"kind": "pca"}"#, "pca needs dimensions"),
      (#"{"kind": "opq", "dimensions": 4}"#, "opq needs subvectors"),
      (#"{"kind": "pca", "dimensions": 4, "subvectors": 2}"#, "does not go with pca"),
      (#"{"kind": "none", "dimensions": 4}"#, "does not go with none"),
      (#""pca:""#, "is no transform"),
    ])
  func mistakesInDocumentsAreNamed(_ json: String, _ text: String) throws {
    let value = try PropertyValue(json: json)
    let error = #expect(throws: DecodingError.self) {
      try PropertyDecoder().decode(VectorTransform.self, from: value)
    }
    if case .dataCorrupted(let context)? = error {
      #expect(context.debugDescription.contains(text))
    } else {
      Issue.record("\(String(describing: error))")
    }
  }

  @Test(
    arguments: [
      (.pca(dimensions: 65), .cosine, .flat, "more than the 64"),
      (.pca(dimensions: 0), .cosine, .flat, "transform.dimensions is 0"),
      (.pca(dimensions: 32), .manhattan, .flat, "does not go with the metric manhattan"),
      (.pca(dimensions: 32), .dot, .annoy(), "does not go with the index annoy"),
      (.opq(subvectors: 7), .dot, .hnsw(), "do not divide 64"),
      (.opq(subvectors: 7, dimensions: 32), .dot, .hnsw(), "do not divide 32"),
      (.opq(subvectors: 0), .dot, .hnsw(), "transform.subvectors is 0"),
      (.opq(subvectors: 8, dimensions: 72), .dot, .ivf(), "more than the 64"),
      (.pca(dimensions: 32), .dot, .custom("a.B"), "does not go with the index custom"),
    ] as [(VectorTransform, Metric, IndexConfiguration, String)])
  func whatCannotBeSaysWhy(
    _ transform: VectorTransform, _ metric: Metric, _ index: IndexConfiguration, _ text: String
  ) throws {
    let configuration = CollectionConfiguration(
      dimensions: 64, metric: metric, index: index, encoding: .float32, transform: transform)
    let problems = configuration.problems
    #expect(problems.count == 1 && problems.contains { $0.contains(text) }, "\(problems)")
    let error = #expect(throws: StoreError.self) { try configuration.validate() }
    #expect(error?.code == .invalidConfiguration)
  }

  @Test func encodingsAreThoseOfWhatIsMade() {
    func problems(_ transform: VectorTransform) -> [String] {
      CollectionConfiguration(
        dimensions: 100, metric: .dot, index: .flat, encoding: .pq(subvectors: 16),
        transform: transform
      ).problems
    }
    #expect(problems(.pca(dimensions: 64)) == [])
    #expect(problems(.none).count == 1 && problems(.opq(subvectors: 10)).count == 1)
    #expect(
      CollectionConfiguration(
        dimensions: 8, metric: .hamming, encoding: .float32, transform: .pca(dimensions: 4)
      ).problems.contains { $0.contains("hamming") })
  }

  @Test func theFirstVectorIsRefusedIfItIsTooShort() throws {
    let directory = try TemporaryDirectory()
    let store = try Store.open(at: directory.file("t.seam"))
    defer { store.close() }
    let collection = try store.collection("t", .init(transform: .pca(dimensions: 16)))
    let error = #expect(throws: StoreError.self) {
      try collection.upsert(VectorObject(id: .int(1), vector: [1, 2, 3]))
    }
    #expect(error?.code == .invalidConfiguration && error?.message.contains("pca:16") == true)
    try collection.upsert(VectorObject(id: .int(1), vector: [Float](repeating: 1, count: 16)))
  }
}
