import ObjectStorage
import Seamstone
import SeamstoneYAML
import StorageIO
import TestSupport
import Testing

/// Every key of txtai's page that the engine serves, from YAML to answers.
@Suite("txtai configurations answer")
struct TxtaiAnswersTests {
  static let dimensions = 32

  /// Vectors of length one around a few centres, as embeddings are.
  private func makeVectors(_ count: Int, seed: UInt64) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    let centres = (0..<10).map { _ in (0..<Self.dimensions).map { _ in random.gaussian() } }
    return (0..<count).map { row in
      let vector = centres[row % 10].map { $0 + random.gaussian() * 0.4 }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / norm }
    }
  }

  static let served = [
    "backend: faiss", "path: sentence-transformers/model\ncontent: true",
    "faiss:\n  quantize: true",
    "quantize: true", "quantize: false", "backend: faiss\nfaiss:\n  quantize: 4",
    "faiss:\n  components: IDMap,Flat", "faiss:\n  components: IDMap,SQ8\n  sample: 0.5",
    "faiss:\n  components: \"IDMap, SQ6\"", "faiss:\n  components: IDMap,SQ4,RFlat",
    "faiss:\n  components: IDMap,SQfp16\n  mmap: true", "faiss:\n  components: IDMap,PQ8,RFlat",
    "faiss:\n  components: IDMap,PQ8x4fs", "faiss:\n  components: LSHr\n  nprobe: 4\n  nflip: 2",
    "faiss:\n  components: IDMap,HNSW16", "faiss:\n  components: HNSW16,SQ8",
    "backend: hnsw",
    "backend: hnsw\nhnsw:\n  efconstruction: 100\n  m: 8\n  randomseed: 5\n  efsearch: 80",
    "backend: numpy", "backend: numpy\nnumpy:\n  safetensors: true", "backend: torch",
    "backend: torch\ntorch:\n  quantize: {type: int8, blocksize: 64}",
    "backend: torch\ntorch:\n  quantize: true",
    "backend: txtai.ann.NumPy", "writable: true\nembeddings:\n  backend: hnsw\n  dimensions: 32",
  ]

  @Test("what is served finds the nearest", arguments: served)
  func answers(_ yaml: String) throws {
    let directory = try TemporaryDirectory()
    let store = try Store.open(at: directory.file("a.seam"))
    defer { store.close() }
    let configuration = try TxtaiConfiguration(yaml: yaml)
      .collectionConfiguration(dimensions: Self.dimensions)
    let collection = try store.collection("vectors", configuration)
    let vectors = makeVectors(600, seed: 21)
    try collection.upsert(
      vectors.enumerated().map { VectorObject(id: .int(Int64($0)), vector: $1) })
    try collection.compact(full: true)
    var right = 0
    let queries = makeVectors(20, seed: 22)
    for query in queries {
      let found = try collection.searchIDs(near: query, limit: 10).map(\.id)
      let exact = try collection.searchIDs(near: query, limit: 10, exact: true).map(\.id)
      right += Set(found).intersection(exact).count
    }
    #expect(right >= 180, "recall \(Double(right) / 200)")
  }
}
