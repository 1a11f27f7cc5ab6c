import ObjectStorage
import Seamstone
import StorageIO
import Testing
import VectorMath

@Suite("txtai configurations")
struct TxtaiConfigurationTests {
  static let refused: [(String, String)] = [
    (#"{"backend":"fais"}"#, "Did you mean \"faiss\"?"),
    (#"{"backend":"FAISS"}"#, "Did you mean \"faiss\"?"),
    (#"{"backend":7}"#, "backend is 7; it must be a text"),
    (#"{"backend":""}"#, "unknown backend \"\""),
    (#"{"backned":"faiss"}"#, "Did you mean \"backend\"?"),
    (#"{"faiss":{"componants":"Flat"}}"#, "Did you mean \"components\"?"),
    (#"{"faiss":{"components":"ivf8,Flat"}}"#, "faiss.components: unknown component \"ivf8\""),
    (#"{"faiss":{"components":8}}"#, "faiss.components is 8; it must be a text"),
    (#"{"faiss":{"nprobe":0}}"#, "faiss.nprobe is 0; it must be 1 to"),
    (#"{"faiss":{"nprobe":"6"}}"#, "faiss.nprobe is the text \"6\"; it must be a whole number"),
    (#"{"faiss":{"nflip":-1}}"#, "faiss.nflip is -1"),
    (
      #"{"faiss":{"quantize":5}}"#, "faiss.quantize is 5; it must be true, false, or 8, 6 or 4 bits"
    ),
    (#"{"faiss":{"mmap":1}}"#, "faiss.mmap is 1; it must be true or false"),
    (#"{"faiss":{"sample":1.5}}"#, "faiss.sample is 1.5; it must be a number from 0 to 1"),
    (#"{"faiss":[]}"#, "it must be an object in braces"),
    (#"{"backend":"hnsw","hnsw":{"efSearch":9}}"#, "Did you mean \"efsearch\"?"),
    (#"{"backend":"hnsw","hnsw":{"m":1}}"#, "hnsw.m is 1; it must be 2 to"),
    (#"{"backend":"hnsw","hnsw":{"efconstruction":0}}"#, "hnsw.efconstruction is 0"),
    (#"{"backend":"hnsw","hnsw":{"randomseed":-1}}"#, "hnsw.randomseed is -1"),
    (#"{"backend":"hnsw","hnsw":{"efsearch":-1}}"#, "hnsw.efsearch is -1"),
    (
      #"{"backend":"annoy","annoy":{"ntrees":0}}"#, "annoy.ntrees is 0; it must be 1 or more, or -1"
    ),
    (#"{"backend":"annoy","annoy":{"searchk":-2}}"#, "annoy.searchk is -2"),
    (#"{"backend":"numpy","numpy":{"quantize":9}}"#, "numpy.quantize is 9; it must be 1 to 8"),
    (#"{"backend":"numpy","numpy":{"safetensor":true}}"#, "Did you mean \"safetensors\"?"),
    (#"{"backend":"torch","torch":{"quantize":{"type":"int4"}}}"#, "it must be nf4, fp4 or int8"),
    (#"{"backend":"torch","torch":{"quantize":{"size":4}}}"#, "torch.quantize.size"),
    (#"{"backend":"pgvector"}"#, "needs a connection to PostgreSQL"),
    (#"{"backend":"sqlite"}"#, "txtai has it, but it is not available here"),
    (#"{"backend":"my.Index"}"#, "no type of this name is registered"),
    (#"{"metric":"l2"}"#, "metric is the text \"l2\"; it must be ip or dot"),
    (#"{"dimensions":0}"#, "dimensions is 0"), (#"{"embeddings":3}"#, "embeddings is 3"),
    (#"{"embeddings":{"backend":"faiss","faiss":{"nprob":1}}}"#, "embeddings.faiss.nprob"),
    ("[]", "must be an object in braces"), ("{", "not valid JSON"),
  ]

  @Test("what is wrong is refused with the reason and the nearest name", arguments: refused)
  func refusals(_ json: String, _ reason: String) {
    let error = #expect(throws: StoreError.self) { try TxtaiConfiguration(json: json) }
    #expect(error?.code == .invalidConfiguration)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("everything that is wrong is said at once")
  func together() {
    let error = #expect(throws: StoreError.self) {
      try TxtaiConfiguration(
        json: #"{"backend":"hnsw","hnsw":{"m":0,"efs":1},"faiss":{"components":"X"},"colour":1}"#)
    }
    let message = error?.message ?? ""
    for part in ["hnsw.m is 0", "hnsw.efs", "faiss.components", "colour"] {
      #expect(message.contains(part), "\(message)")
    }
  }

  @Test("a registered type is asked for its configuration, by its full name")
  func custom() throws {
    let type = TxtaiBackendType("search.Mine") { (settings) throws(StoreError) in
      guard settings.keys.allSatisfy({ $0 == "links" }) else {
        throw StoreError(.invalidConfiguration, "links is the only key")
      }
      return CollectionConfiguration(metric: .dot, index: .hnsw(m: 7), encoding: .float32)
    }
    let json = #"{"backend":"search.Mine","search.Mine":{"links":7}}"#
    let made = try TxtaiConfiguration(json: json, backends: [type])
    let configuration = try made.collectionConfiguration(dimensions: 4)
    #expect(configuration.index == .hnsw(m: 7) && configuration.dimensions == 4)
    let wrong = #"{"backend":"search.Mine","search.Mine":{"m":7}}"#
    let error = #expect(throws: StoreError.self) {
      try TxtaiConfiguration(json: wrong, backends: [type])
    }
    #expect(error?.message.contains("search.Mine: links is the only key") == true)
    let misspelt = #expect(throws: StoreError.self) {
      try TxtaiConfiguration(json: #"{"backend":"search.Nine"}"#, backends: [type])
    }
    #expect(misspelt?.message.contains("Did you mean \"search.Mine\"?") == true)
  }

  @Test("txtai's own classes are backends by another name, with settings of their own")
  func classes() throws {
    let made = try TxtaiConfiguration(
      json: #"{"backend":"txtai.ann.HNSW","txtai.ann.HNSW":{"m":5},"hnsw":{"m":6}}"#)
    let plan = made.plan()
    #expect(try plan.configuration().index == .hnsw(m: 5, efConstruction: 200, seed: 100))
    #expect(plan.notes.contains("hnsw has no effect: the backend is txtai.ann.HNSW"))
    #expect(
      try TxtaiConfiguration(json: #"{"backend":"txtai.ann.Faiss"}"#).plan().components?.description
        == "IDMap,Flat")
  }

  @Test("settings may stand under embeddings; what belongs to other pages is named")
  func embeddings() throws {
    let made = try TxtaiConfiguration(
      json:
        #"{"writable":true,"embeddings":{"path":"model","offset":3,"backend":"numpy","faiss":{}}}"#)
    #expect(
      made.plan().notes == [
        "writable has no effect: only embeddings is read",
        "faiss has no effect: the backend is numpy",
        "offset has no effect: the store keeps such things itself",
        "path has no effect: vectors come from outside",

      ])
  }

  @Test("null is as nothing, an empty object is the default")
  func empty() throws {
    let usual = try TxtaiConfiguration(json: "{}")
    #expect(usual.backendName == "faiss")
    let same = try TxtaiConfiguration(json: #"{"backend":null,"faiss":{"nprobe":null}}"#)
    #expect(same.plan().kind == usual.plan().kind)
    #expect(try usual.collectionConfiguration().index == .flat)
  }

  @Test("a file is taken for txtai's by its keys")
  func describes() {
    #expect(TxtaiConfiguration.describes(["backend": "faiss"]))
    #expect(TxtaiConfiguration.describes(["embeddings": [:]]))
    #expect(TxtaiConfiguration.describes(["hnsw": [:]]))
    #expect(!TxtaiConfiguration.describes(["index": "flat", "dimensions": 3]))
    #expect(!TxtaiConfiguration.describes([:]))
  }
}
