import ObjectStorage
import Seamstone
import StorageIO
import Testing
import VectorMath

@Suite("What txtai's settings become")
struct TxtaiPlanTests {
  private func plan(
    _ json: String, count: Int = 0, dimensions: Int? = 64
  ) throws -> TxtaiPlan {
    try TxtaiConfiguration(json: json).plan(count: count, dimensions: dimensions)
  }

  private func faiss(_ components: String) throws -> TxtaiPlan {
    try plan(#"{"faiss":{"components":"\#(components)"}}"#)
  }

  /// Components, the index and the encoding that they become.
  static let served: [(String, IndexConfiguration, VectorEncoding)] = [
    ("IDMap,Flat", .flat, .float32), ("Flat", .flat, .float32), ("IDMap,SQ8", .flat, .int8()),
    ("IDMap,SQ6", .flat, .int8()), ("IDMap,SQ4", .flat, .int4()), ("IDMap,SQfp16", .flat, .float16),
    ("IDMap,SQbf16", .flat, .float16), ("IDMap,PQ16", .flat, .pq(subvectors: 16)),
    ("IDMap,PQ16x4", .flat, .pq(subvectors: 16, centroids: 16)),
    ("IDMap,PQ16x4fs", .flat, .pq(subvectors: 16, centroids: 16)),
    ("IDMap,PQ16np,RFlat", .flat, .pq(subvectors: 16)), ("LSH", .flat, .binary()),
    ("LSHr", .flat, .rabitq(bits: 1)), ("IDMap,HNSW16", .hnsw(m: 16), .int8()),
    ("HNSW16,SQ8", .hnsw(m: 16), .int8()), ("HNSW16,PQ8", .hnsw(m: 16), .pq(subvectors: 8)),
    ("HNSW16,SQfp16", .hnsw(m: 16), .float16),
  ]

  @Test("components become an index and an encoding", arguments: served)
  func components(_ text: String, _ index: IndexConfiguration, _ encoding: VectorEncoding) throws {
    let configuration = try faiss(text).configuration()
    #expect(configuration.index == index)
    #expect(configuration.encoding == encoding)
    #expect(configuration.metric == .dot && configuration.dimensions == 64)
  }

  @Test(
    "what becomes something near says so",
    arguments: [
      ("IDMap,SQ6", "SQ6 becomes int8"), ("IDMap,SQbf16", "SQbf16 becomes float16"),
      ("IDMap,PQ8np", "np in PQ8np has no effect"),
      ("IDMap,PQ8,Refine(SQ8)", "Refine(SQ8) becomes RFlat"),
      ("IDMap,PQ8,RFlat", "RFlat: candidates of every encoding"),
      ("Flat,RFlat", "Flat compares vectors themselves"),
      ("LSHr", "LSH…r becomes rabitq"), ("LSHt", "thresholds are not trained"),
      ("LSH32", "LSH32 becomes one bit"),
      ("IVF64,PQ8x4fsr", "residuals (r) are not kept"),
      ("PQ8x4fs_64", "the block size in PQ8x4fs_64 has no effect"),
      ("PQ8x6", "a code of 6 bits takes one byte"),
    ])
  func near(_ text: String, _ note: String) throws {
    let notes = try faiss(text).notes
    #expect(notes.contains { $0.contains(note) }, "\(notes)")
  }

  @Test(
    "what does not go with the length of the vectors is a problem",
    arguments: [
      ("PQ7", "7 subvectors, which do not divide 64"), ("PCA65,Flat", "more than the 64"),
      ("OPQ7,PQ7", "do not divide 64"), ("OPQ8_128,PQ8", "more than the 64"),
      ("PCA30,PQ16", "do not divide 30"), ("PQ8x12", "at most 8 are kept"),
      ("BFlat", "is for packed bits"),
    ])
  func problems(_ text: String, _ problem: String) throws {
    let plan = try faiss(text)
    #expect(plan.problems.contains { $0.contains(problem) }, "\(plan.problems)")
    let error = #expect(throws: StoreError.self) { try plan.configuration() }
    #expect(error?.code == .invalidConfiguration)
  }

  @Test(
    "faiss: pre-transforms become one transform",
    arguments: [
      ("PCA16,IDMap,SQ8", .pca(dimensions: 16), .int8(), "flat"),
      ("PCA64,IVF100,SQ8", .pca(dimensions: 64), .int8(), "ivf"),
      ("OPQ16,PQ16x8,RFlat", .opq(subvectors: 16), .pq(subvectors: 16), "flat"),
      (
        "OPQ16_32,IVF64,PQ16x4fs", .opq(subvectors: 16, dimensions: 32),
        .pq(subvectors: 16, centroids: 16), "ivf"
      ),
      ("PCA32,OPQ16,HNSW16,Flat", .opq(subvectors: 16, dimensions: 32), .int8(), "hnsw"),
    ] as [(String, VectorTransform, VectorEncoding, String)])
  func transforms(
    _ text: String, _ transform: VectorTransform, _ encoding: VectorEncoding, _ kind: String
  ) throws {
    let plan = try faiss(text)
    #expect(plan.problems == [])
    let configuration = try plan.configuration()
    #expect(configuration.transform == transform && configuration.encoding == encoding)
    #expect(configuration.index.name == kind && configuration.metric == .dot)
    #expect(plan.settings.contains { $0.name == "transform" && $0.value == "\(transform)" })
    let canonical = try #require(plan.components).description
    #expect(try faiss(canonical).configuration() == configuration)
  }

  @Test(
    "faiss: pre-transforms that are no single one are a problem",
    arguments: ["OPQ8,PCA16,PQ8", "PCA32,PCA16,Flat", "OPQ8,OPQ8,PQ8", "PCA16,OPQ8_32,PQ8"])
  func severalTransforms(_ text: String) throws {
    let plan = try faiss(text)
    #expect(!plan.problems.isEmpty, "\(plan.problems)")
    #expect(throws: StoreError.self) { try plan.configuration() }
  }

  @Test("faiss: cells and probes are derived, or given, and capped by the cells")
  func probes() throws {
    let derived = try plan(#"{"faiss":{"components":"IVF,Flat"}}"#, count: 10_000)
    #expect(derived.kind == .ivf(cells: 256, links: nil, probes: 16))
    #expect(derived.components?.description == "IVF256,Flat")
    let sampled = try plan(#"{"faiss":{"components":"IVF,SQ8","sample":0.1}}"#, count: 10_000)
    #expect(sampled.kind == .ivf(cells: 25, links: nil, probes: 16))
    let given = try plan(#"{"faiss":{"components":"IDMap,IVF64,Flat","nprobe":12}}"#)
    #expect(given.kind == .ivf(cells: 64, links: nil, probes: 12))
    let capped = try plan(#"{"faiss":{"components":"IVF8_HNSW16,Flat","nprobe":12}}"#)
    #expect(capped.kind == .ivf(cells: 8, links: 16, probes: 8))
    let flips = try plan(#"{"quantize":1,"faiss":{"components":"BHash4x8"}}"#)
    #expect(flips.kind == .hash(bits: 8, tables: 4, flips: 6))
    let fewer = try plan(#"{"quantize":1,"faiss":{"components":"BHash8","nflip":2}}"#)
    #expect(fewer.kind == .hash(bits: 8, tables: 1, flips: 2))
  }

  @Test("faiss: cells become inverted lists; what follows from a number of vectors waits for them")
  func derivedCells() throws {
    func index(_ json: String, count: Int) throws -> IndexConfiguration {
      try plan(json, count: count).configuration().index
    }
    #expect(try index("{}", count: 10_000) == .ivf(lists: 256, probes: 16))
    #expect(try index("{}", count: 5_000) == .flat)
    let bare = #"{"faiss":{"components":"IVF,Flat"}}"#
    #expect(try index(bare, count: 0) == .ivf())
    let probed = #"{"faiss":{"components":"IVF,Flat","nprobe":40}}"#
    #expect(try index(probed, count: 0) == .ivf(probes: 40))
    #expect(try index(bare, count: 20_000) == .ivf(lists: 512, probes: 32))
    let given = #"{"faiss":{"components":"IDMap,IVF64,PQ8x4fs","nprobe":9}}"#
    #expect(try index(given, count: 0) == .ivf(lists: 64, probes: 9))
    #expect(
      try plan(given).configuration().encoding == .pq(subvectors: 8, centroids: 16))
    let sampled = #"{"faiss":{"components":"IVF,SQ8","sample":0.1}}"#
    #expect(
      try index(sampled, count: 10_000) == .ivf(lists: 25, probes: 16, trainingLimit: 1_000))
    #expect(try index(sampled, count: 0) == .ivf())
    let linked = try plan(#"{"faiss":{"components":"IVF8_HNSW16,Flat"}}"#)
    #expect(try linked.configuration().index == .ivf(lists: 8))
    #expect(linked.notes.contains { $0.hasPrefix("_HNSW16 has no effect") })
  }

  @Test("quantize: true is 8 bits, false none, a number so many; root and own")
  func quantize() throws {
    func encoding(_ json: String) throws -> VectorEncoding {
      try plan(json).configuration().encoding
    }
    #expect(try encoding(#"{"faiss":{"quantize":true}}"#) == .int8())
    #expect(try encoding(#"{"quantize":true}"#) == .int8())
    #expect(try encoding(#"{"faiss":{"quantize":false}}"#) == .float32)
    #expect(try encoding(#"{"quantize":false}"#) == .float32)
    #expect(try encoding(#"{"faiss":{"quantize":0}}"#) == .float32)
    #expect(try encoding(#"{"quantize":0}"#) == .float32)
    #expect(try encoding(#"{"faiss":{"quantize":4}}"#) == .int4())
    #expect(try encoding(#"{"faiss":{"quantize":8}}"#) == .int8())
    #expect(try encoding(#"{"quantize":true,"faiss":{"quantize":false}}"#) == .float32)
    let packed = try plan(#"{"quantize":9,"dimensions":30}"#, dimensions: nil)
    #expect(packed.element == .bits(8) && packed.components?.description == "BFlat")
    #expect(packed.notes.contains { $0.contains("quantize is 9, which is taken as 8") })
    #expect(packed.settings.contains { $0.effect == "30 bytes, 240 bits" })
  }

  @Test(
    "a setting without effect is named",
    arguments: [
      (#"{"faiss":{"nprobe":9}}"#, "faiss.nprobe: 9 has no effect"),
      (#"{"faiss":{"nflip":9}}"#, "faiss.nflip: 9 has no effect"),
      (#"{"faiss":{"mmap":true}}"#, "faiss.mmap: true has no effect"),
      (#"{"faiss":{"mmap":false}}"#, "faiss.mmap: false has no effect"),
      (#"{"faiss":{"sample":0.5}}"#, "faiss.sample: 0.5 has no effect"),
      (#"{"faiss":{"quantize":8,"components":"Flat"}}"#, "faiss.quantize: 8 has no effect"),
      (#"{"quantize":1,"faiss":{"quantize":8}}"#, "faiss.quantize: 8 has no effect"),
      (#"{"quantize":false}"#, "quantize: false switches off"),
      (#"{"backend":"hnsw","quantize":1}"#, "quantize: 1 has no effect"),
      (#"{"backend":"annoy","quantize":true}"#, "quantize: true has no effect"),
      (#"{"backend":"numpy","quantize":true}"#, "quantize: true has no effect"),
      (#"{"backend":"numpy","numpy":{"quantize":false}}"#, "numpy.quantize: false has no effect"),
      (
        #"{"backend":"numpy","numpy":{"safetensors":true}}"#,
        "numpy.safetensors: true has no effect"
      ),
      (#"{"backend":"torch"}"#, "searches run on the CPU, on all its cores"),
      (
        #"{"backend":"torch","torch":{"quantize":{"blocksize":64}}}"#, "blocksize: 64 has no effect"
      ),
      (#"{"backend":"hnsw","hnsw":{"m":64,"efconstruction":8}}"#, "is raised to 64"),
      (#"{"backend":"annoy","annoy":{"searchk":0}}"#, "searches would find nothing"),
    ])
  func notes(_ json: String, _ note: String) throws {
    let notes = try plan(json).notes
    #expect(notes.contains { $0.contains(note) }, "\(notes)")
  }

  /// Settings, the components and the bits of a row that they become.
  static let packed: [(String, IndexConfiguration, Int)] = [
    (#"{"quantize":1}"#, .flat, 64), (#"{"quantize":3}"#, .flat, 192),
    (#"{"quantize":8,"faiss":{"components":"BFlat"}}"#, .flat, 512),
    (#"{"quantize":1,"faiss":{"components":"BHNSW16"}}"#, .hnsw(m: 16), 64),
    (#"{"quantize":1,"faiss":{"components":"BHash8"}}"#, .hash(bits: 8, flips: 6), 64),
    (#"{"quantize":1,"faiss":{"components":"BHash12","nflip":1}}"#, .hash(bits: 12, flips: 1), 64),
    (
      #"{"quantize":1,"faiss":{"components":"BHash4x8"}}"#, .hash(bits: 8, tables: 4, flips: 6), 64
    ),
    (
      #"{"quantize":1,"faiss":{"components":"BIVF16","nprobe":5}}"#, .ivf(lists: 16, probes: 5), 64
    ),
    (#"{"backend":"numpy","numpy":{"quantize":4}}"#, .flat, 256),
    (#"{"backend":"numpy","quantize":1,"dimensions":8}"#, .flat, 64),
    (#"{"backend":"torch","quantize":2}"#, .flat, 128),
  ]

  @Test("packed vectors become a collection of bits", arguments: packed)
  func packedBits(_ json: String, _ index: IndexConfiguration, _ bits: Int) throws {
    let configuration = try plan(json).configuration()
    #expect(configuration.elementType == .bits && configuration.metric == .hamming)
    #expect(configuration.index == index && configuration.dimensions == bits)
    #expect(configuration.encoding == .bits)
  }

  @Test("bytes of packed rows and components must agree")
  func packedDimensions() throws {
    #expect(
      try plan(#"{"quantize":1,"dimensions":9}"#).problems == [
        "dimensions is 9 bytes, but 64 components of 1 bits make 8"
      ])
    #expect(try plan(#"{"quantize":1}"#, dimensions: 13).dimensions == 16)
  }

  @Test("packed vectors: many are divided into cells, as faiss derives them")
  func packedCells() throws {
    let many = try plan(#"{"quantize":1}"#, count: 6_000)
    #expect(many.components?.description == "BIVF153")
    #expect(try many.configuration().index == .ivf(lists: 153, probes: 10))
    let sampled = try plan(#"{"quantize":1,"faiss":{"sample":0.5}}"#, count: 6_000)
    #expect(
      try sampled.configuration().index == .ivf(lists: 76, probes: 10, trainingLimit: 3_000))
    let tables = try plan(#"{"quantize":1,"faiss":{"components":"BHash9x8"}}"#)
    let error = #expect(throws: StoreError.self) { try tables.configuration() }
    #expect(error?.message.contains("9 tables, more than the 64 bits") == true)
  }

  @Test("hnsw: every key, and the defaults")
  func graph() throws {
    #expect(
      try plan(#"{"backend":"hnsw"}"#).configuration().index
        == .hnsw(m: 16, efConstruction: 200, ef: .automatic, seed: 100))
    let json =
      #"{"backend":"hnsw","hnsw":{"m":8,"efconstruction":90,"randomseed":7,"efsearch":33}}"#
    #expect(
      try plan(json).configuration().index
        == .hnsw(m: 8, efConstruction: 90, ef: .fixed(33), seed: 7))
    #expect(
      try plan(#"{"backend":"hnsw","hnsw":{"efsearch":0}}"#).configuration().index
        == .hnsw(m: 16, efConstruction: 200, ef: .automatic, seed: 100))
  }

  @Test("annoy, numpy and torch: every key, and the defaults")
  func others() throws {
    #expect(try plan(#"{"backend":"annoy"}"#).kind == .annoy(trees: 10, searchK: -1))
    let forest = try plan(#"{"backend":"annoy","annoy":{"ntrees":-1,"searchk":500}}"#)
    #expect(forest.kind == .annoy(trees: 19, searchK: 500))
    #expect(try forest.configuration().index == .annoy(trees: 19, searchK: 500))
    #expect(forest.settings.map(\.name) == ["annoy.ntrees", "annoy.searchk"])
    let unresolved = try TxtaiConfiguration(json: #"{"backend":"annoy","annoy":{"ntrees":-1}}"#)
    #expect(unresolved.plan().kind == .annoy(trees: -1, searchK: -1))
    #expect(throws: StoreError.self) { try unresolved.collectionConfiguration() }
    #expect(try plan(#"{"backend":"annoy"}"#).configuration().index == .annoy(trees: 10))
    let none = #"{"backend":"annoy","annoy":{"searchk":0}}"#
    #expect(throws: StoreError.self) { try plan(none).configuration() }
    #expect(try plan(#"{"backend":"numpy"}"#).configuration().encoding == .float32)
    #expect(try plan(#"{"backend":"torch"}"#).configuration().index == .flat)
    func torch(_ quantize: String) throws -> VectorEncoding {
      try plan(#"{"backend":"torch","torch":{"quantize":\#(quantize)}}"#).configuration().encoding
    }
    #expect(try torch("true") == .int4())
    #expect(try torch(#"{"type":"int8"}"#) == .int8())
    #expect(try torch(#"{"type":"fp4","blocksize":64}"#) == .int4())
    #expect(try torch("false") == .float32)
  }

  @Test("dimensions in the file and beside it must agree")
  func dimensions() throws {
    #expect(try plan(#"{"dimensions":64}"#).problems.isEmpty)
    #expect(try plan(#"{"dimensions":64}"#, dimensions: nil).dimensions == 64)
    #expect(
      try plan(#"{"dimensions":32}"#).problems == [
        "dimensions is 32, but vectors have 64 components"
      ])
  }
}
