import JSONText
import ObjectStorage
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

@Suite("A Weaviate class")
struct WeaviateClassTests {
  private func configuration(_ json: String) throws -> CollectionConfiguration {
    try WeaviateClass(json: json).configuration(dimensions: nil, indexTypes: [])
  }

  private func settings(_ settings: String, type: String = "hnsw") throws
    -> CollectionConfiguration
  {
    try configuration(
      #"{"class":"A","vectorIndexType":"\#(type)","vectorIndexConfig":\#(settings)}"#)
  }

  private func message(_ json: String) throws -> String {
    do throws(StoreError) {
      _ = try WeaviateClass(json: json)
    } catch {
      #expect(error.code == .invalidConfiguration)
      return error.message
    }
    Issue.record("accepted \(json)")
    return ""
  }

  @Test("A class of which little is said has Weaviate's defaults")
  func usual() throws {
    let wanted = CollectionConfiguration(
      index: .hnsw(m: 32, efConstruction: 128, ef: .automatic), encoding: .int8(),
      filtering: FilterPlanning(flatSearchCutoff: 40_000, strategy: .acorn))
    for json in [
      #"{"class":"A"}"#, #"{"class":"A","vectorIndexType":"","vectorIndexConfig":null}"#,
      #"{"class":"A","vectorIndexType":"hnsw","vectorIndexConfig":{},"vectorizer":"none"}"#,
    ] {
      #expect(try configuration(json) == wanted)
      #expect(try WeaviateClass(json: json).notes == [])
    }
  }

  @Test("Settings become the configuration of the collection")
  func mapping() throws {
    let hnsw = try settings(
      #"""
      {"distance":"l2-squared","maxConnections":8,"efConstruction":40,"ef":70,"flatSearchCutoff":5,
       "filterStrategy":"sweeping"}
      """#)
    #expect(
      hnsw
        == CollectionConfiguration(
          metric: .l2Squared, index: .hnsw(m: 8, efConstruction: 40, ef: .fixed(70)),
          filtering: FilterPlanning(flatSearchCutoff: 5, strategy: .sweeping)))
    #expect(
      try settings(#"{"dynamicEfMin":5,"dynamicEfMax":25,"dynamicEfFactor":10}"#).index
        .beam(limit: 4, requested: nil) == 25)
    #expect(try settings("{}", type: "flat").index == .flat)
    #expect(try settings(#"{"distance":"hamming"}"#).encoding == .float32)
    let dynamic = try settings(
      #"{"threshold":500,"hnsw":{"maxConnections":16},"flat":{"bq":{"enabled":true}}}"#,
      type: "dynamic")
    #expect(dynamic.encoding == .binary())
    guard case .hnsw(let graph) = dynamic.index else {
      throw StoreError(.internalError, "no graph")
    }
    #expect(graph.m == 16 && graph.graphRows == 501)
  }

  @Test(
    "Compression becomes an encoding",
    arguments: [
      ("hnsw", #"{"pq":{"enabled":true}}"#, .pq()),
      (
        "hnsw", #"{"pq":{"enabled":true,"segments":96,"centroids":128,"trainingLimit":5000}}"#,
        .pq(subvectors: 96, centroids: 128, trainingLimit: 5_000)
      ),
      (
        "hnsw",
        #"{"pq":{"enabled":true,"encoder":{"type":"tile","distribution":"normal"}}}"#,
        .pq(encoder: .tile(.normal))
      ),
      ("hnsw", #"{"pq":{"enabled":false,"segments":96}}"#, .int8()),
      (
        "hnsw", #"{"sq":{"enabled":true,"trainingLimit":9,"rescoreLimit":0}}"#,
        .int8(trainingLimit: 9, rescoreLimit: 0)
      ),
      ("hnsw", #"{"bq":{"enabled":true,"rescoreLimit":7}}"#, .binary()),
      ("hnsw", #"{"rq":{"enabled":true}}"#, .rabitq(bits: 8, rescoreLimit: 20)),
      ("hnsw", #"{"rq":{"enabled":true,"bits":1}}"#, .rabitq(bits: 1, rescoreLimit: 512)),
      ("flat", #"{"bq":{"enabled":true}}"#, .binary()),
      ("flat", #"{"bq":{"enabled":true,"rescoreLimit":200}}"#, .binary(rescoreLimit: 200)),
      (
        "flat", #"{"rq":{"enabled":true,"bits":1,"rescoreLimit":9}}"#,
        .rabitq(bits: 1, rescoreLimit: 9)
      ),
    ] as [(String, String, VectorEncoding)])
  func compression(type: String, settings: String, encoding: VectorEncoding) throws {
    #expect(try self.settings(settings, type: type).encoding == encoding)
  }

  @Test(
    "Classes that cannot be are refused",
    arguments: [
      ("[]", "a class must be an object"), (#"{"class":"#, "not valid JSON"),
      ("{}", "name \"\" is empty"), (#"{"class":3}"#, "class is 3; it must be a text"),
      (#"{"class":"A","vectorIndexTypes":"hnsw"}"#, "Did you mean \"vectorIndexType\"?"),
      (
        #"{"class":"A","vectorIndexType":"hsnw"}"#,
        "unrecognized or unsupported vectorIndexType \"hsnw\" (Did you mean \"hnsw\"?)"
      ),
      (#"{"class":"A","vectorIndexType":"none"}"#, "unrecognized or unsupported vectorIndexType"),
      (
        #"{"class":"A","vectorIndexConfig":[]}"#,
        "vectorIndexConfig is a list; it must be an object"
      ),
      (#"{"class":"A","vectorIndexConfig":"x"}"#, "vectorIndexConfig is the text \"x\""),
      (#"{"class":"A","vectorConfig":{}}"#, "named vectors (vectorConfig) are not supported"),
      (#"{"class":"A","vectorConfig":{},"vectorIndexType":"hnsw"}"#, "exclude each other"),
      (#"{"class":"A","multiTenancyConfig":{"enabled":true}}"#, "tenants are not supported"),
      (#"{"class":"A","vectorIndexConfig":{"vectorCacheMaxObject":1}}"#, "vectorCacheMaxObjects"),
      (#"{"class":"A","properties":{}}"#, "properties is an object; it must be a list"),
      (#"{"class":"A","properties":[{"dataType":["int"]}]}"#, "properties[0]: name is missing"),
      (#"{"class":"A","properties":[{"name":"n"}]}"#, "dataType must be a list with one name"),
      (#"{"class":"A","properties":[{"name":"n","dataType":"int"}]}"#, "must be a list with one"),
      (#"{"class":"A","properties":[{"name":"n","dataType":["Author"]}]}"#, "reference to a class"),
      (#"{"class":"A","properties":[{"name":"n","dataType":["txt"]}]}"#, "Did you mean \"text\"?"),
      (#"{"class":"A","properties":[{"name":"id","dataType":["int"]}]}"#, "\"id\" is reserved"),
      (#"{"class":"A","properties":[{"name":"a.b","dataType":["int"]}]}"#, "must be 1 to 231 of"),
      (
        #"{"class":"A","properties":[{"name":"n","dataType":["int"],"indexFilterable":1}]}"#,
        "properties[0].indexFilterable is 1; it must be true or false"
      ),
      (
        #"{"class":"A","properties":[{"name":"n","dataType":["int"],"nestedProperties":[{"name":"m","dataType":["int"]}]}]}"#,
        "go with the dataType object only"
      ),
      (
        #"{"class":"A","properties":[{"name":"n","dataType":["text"],"tokenization":"words"}]}"#,
        "Did you mean \"word\"?"
      ),
    ])
  func refused(json: String, words: String) throws {
    let text = try message(json)
    #expect(text.lowercased().contains(words.lowercased()), "\(text)")
  }

  @Test(
    "Data types that are not supported are refused by name", arguments: WeaviateDataType.unsupported
  )
  func unsupported(type: String) throws {
    let text = try message(
      #"{"class":"A","properties":[{"name":"n","dataType":["\#(type)"]}]}"#)
    #expect(text.contains("the dataType \"\(type)\" is not supported"), "\(text)")
  }

  @Test("What has no effect is kept and noted")
  func notes() throws {
    let json = #"""
      {"class":"A","description":"d","replicationConfig":{"factor":3},
       "properties":[{"name":"t","dataType":["text"],"tokenization":"field","indexSearchable":true}],
       "vectorIndexConfig":{"cleanupIntervalSeconds":7,"vectorCacheMaxObjects":9,"pq":{"bitCompression":true},
        "skipDefaultQuantization":true}}
      """#
    let read = try WeaviateClass(json: json)
    let notes = read.notes.joined(separator: "\n")
    for name in [
      "replicationConfig", "t: tokenization", "t: indexSearchable", "cleanupIntervalSeconds",
      "vectorCacheMaxObjects", "pq.bitCompression", "skipDefaultQuantization",
    ] {
      #expect(notes.contains(name), "\(name): \(notes)")
    }
    #expect(read.json.contains(#""replicationConfig":{"factor":3}"#))
    #expect(read.json.contains(#""tokenization":"field""#))
    #expect(try WeaviateClass(json: read.json) == read)
  }

  @Test("A registered index type is kept with its settings and decides the configuration")
  func custom() throws {
    let directory = try TemporaryDirectory()
    let json = #"{"class":"A","vectorIndexType":"tiny","vectorIndexConfig":{"links":6}}"#
    #expect(try message(json).contains("unsupported vectorIndexType \"tiny\""))
    var options = StoreFixture.options()
    options.weaviateIndexTypes = [
      WeaviateIndexType("tiny") { (settings) throws(StoreError) in
        guard case .int(let links)? = settings["links"] else {
          throw StoreError(.invalidConfiguration, "links is missing")
        }
        return CollectionConfiguration(metric: .dot, index: .hnsw(m: Int(links)))
      }
    ]
    let path = directory.file("store.seam")
    let store = try Store.open(at: path, options: options)
    let collection = try store.collection(fromWeaviateClass: json)
    #expect(try collection.configuration().index == .hnsw(m: 6))
    #expect(throws: StoreError.self) {
      try store.collection(fromWeaviateClass: #"{"class":"B","vectorIndexType":"tiny"}"#)
    }
    store.close()
    // A store opens without the type; only a change of the class needs it.
    let again = try Store.open(at: path, options: StoreFixture.options())
    defer { again.close() }
    let echo = try #require(try again.collection("A").weaviateClass)
    #expect(echo.contains(#""vectorIndexConfig":{"links":6},"vectorIndexType":"tiny""#))
    options.weaviateIndexTypes.append(WeaviateIndexType("hnsw") { _ in .init() })
    #expect(throws: StoreError.self) {
      try Store.open(at: directory.file("other.seam"), options: options)
    }
  }
}
