import JSONText
import ObjectStorage
import Seamstone
import TestSupport
import Testing

@Suite("The configuration of a collection")
struct CollectionConfigurationTests {
  @Test("The usual configuration is valid")
  func usual() throws {
    let usual = CollectionConfiguration()
    try usual.validate()
    #expect(usual.dimensions == nil)
    #expect(usual.metric == .cosine)
    #expect(usual.encoding == .int8)
    #expect(usual.index == .hnsw())
  }

  @Test("The table of encodings and metrics holds")
  func binding() {
    for metric in Metric.allCases {
      for encoding in VectorEncoding.allCases {
        let configuration = CollectionConfiguration(metric: metric, encoding: encoding)
        let isRefused = metric == .hamming && encoding != .float32
        #expect(configuration.problems.isEmpty != isRefused, "\(metric) \(encoding)")
      }
    }
    #expect(CollectionConfiguration(metric: .hamming).encoding == .float32)
  }

  @Test("Everything that is wrong is said at once")
  func problems() {
    let configuration = CollectionConfiguration(
      dimensions: 0, metric: .hamming,
      index: .hnsw(
        m: 1, efConstruction: 3, ef: .dynamic(minimum: 20, maximum: 10, factor: 0), seed: .max),
      encoding: .int8)
    do throws(StoreError) {
      try configuration.validate()
      Issue.record("accepted")
    } catch {
      #expect(error.code == .invalidConfiguration)
      let words = [
        "7 problems", "dimensions is 0", "m is 1; it must be 2 to 512", "efConstruction is 3",
        "dynamicEfMin (20) is larger than dynamicEfMax (10)", "dynamicEfFactor is 0", "seed",
        "hamming",
      ]
      for word in words { #expect(error.message.contains(word), "\(error.message)") }
    }
  }

  @Test(
    "The ends of the ranges",
    arguments: [
      (1, true), (65_535, true), (65_536, false), (0, false), (-1, false), (.max, false),
      (.min, false),
    ])
  func ranges(dimensions: Int, isValid: Bool) {
    #expect(CollectionConfiguration(dimensions: dimensions).problems.isEmpty == isValid)
    #expect(
      CollectionConfiguration(index: .hnsw(ef: .fixed(dimensions))).problems.isEmpty
        == (1...1_000_000).contains(dimensions))
  }

  @Test(
    "The beam follows the rules of dynamic ef",
    arguments: [
      (.automatic, 10, 100), (.automatic, 23, 184), (.automatic, 100, 500), (.automatic, 600, 600),
      (.dynamic(minimum: 5, maximum: 25, factor: 10), 4, 25), (.fixed(78), 5, 78),
      (.fixed(64), 100, 100), (.dynamic(minimum: 50, maximum: 20, factor: 1), 1, 50),
      (.dynamic(minimum: 50, maximum: 20, factor: 1), 30, 30),
      (.dynamic(minimum: 1, maximum: 10, factor: .max), .max, .max),
      (.dynamic(minimum: 1, maximum: 10, factor: .max), 3, 10),
    ] as [(BeamWidth, Int, Int)])
  func beam(width: BeamWidth, limit: Int, expected: Int) {
    #expect(width.resolved(limit: limit) == expected)
  }

  static let readable: [CollectionConfiguration] = [
    .init(), .init(dimensions: 384, metric: .dot, index: .flat, encoding: .float32),
    .init(metric: .hamming),
    .init(
      dimensions: 1, metric: .l2Squared,
      index: .hnsw(m: 2, efConstruction: 4, ef: .fixed(9), seed: UInt64(Int64.max))),
    .init(index: .hnsw(ef: .dynamic(minimum: 1, maximum: 2, factor: 3))),
    .init(filtering: FilterPlanning(flatSearchCutoff: 0, strategy: .sweeping)),
    .init(vectorizer: "words", vectorizerProperties: ["title", "author.name"]),
    .init(vectorizer: "words"),
  ]

  @Test("What is written reads back equal", arguments: readable)
  func roundTrip(configuration: CollectionConfiguration) throws {
    let value = try PropertyEncoder().encode(configuration)
    let again = try PropertyValue(json: value.json)
    #expect(try PropertyDecoder().decode(from: again) == configuration)
  }

  @Test("No vectorizer leaves no trace, so that earlier releases read the configuration")
  func noVectorizer() throws {
    var configuration = CollectionConfiguration(vectorizer: "none")
    configuration.vectorizer = "none"
    #expect(configuration == .init())
    guard case .object(let members) = try PropertyEncoder().encode(configuration) else {
      Issue.record("not an object")
      return
    }
    #expect(members.keys.allSatisfy { !$0.hasPrefix("vectorizer") })
  }

  @Test("What is wrong with a vectorizer is said")
  func vectorizerProblems() {
    func problems(_ name: String?, _ properties: [String]) -> [String] {
      CollectionConfiguration(vectorizer: name, vectorizerProperties: properties).problems
    }
    #expect(problems("a", ["x", "y"]).isEmpty)
    #expect(problems("", []).first?.contains("vectorizer is empty") == true)
    #expect(problems(nil, ["x"]).first?.contains("there is none") == true)
    #expect(problems("a", ["x", "x"]).first?.contains("twice") == true)
    #expect(problems("a", [""]).first?.contains("empty name") == true)
  }

  @Test("What is missing is as usual")
  func partial() throws {
    func read(_ json: String) throws -> CollectionConfiguration {
      try PropertyDecoder().decode(from: try PropertyValue(json: json))
    }
    #expect(try read("{}") == .init())
    #expect(try read(#"{"index":"flat","dimensions":3}"#) == .init(dimensions: 3, index: .flat))
    #expect(try read(#"{"index":{"kind":"hnsw","m":8,"ef":-1}}"#) == .init(index: .hnsw(m: 8)))
    #expect(try read(#"{"metric":"hamming"}"#).encoding == .float32)
  }

  @Test(
    "Unknown names are errors that say the nearest",
    arguments: [
      (#"{"dimension":3}"#, "Did you mean \"dimensions\"?"),
      (#"{"metric":"cosin"}"#, "Did you mean \"cosine\"?"),
      (#"{"metric":"euclid"}"#, "Known names: cosine, dot"),
      (#"{"encoding":"int4"}"#, "Did you mean \"int8\"?"), (#"{"index":"hsnw"}"#, "\"hnsw\""),
      (#"{"index":{"kind":"hnsw","efconstruction":3}}"#, "\"efConstruction\""),
      (#"{"filtering":{"strategy":"acron"}}"#, "\"acorn\""),
      (#"{"filtering":{"cutoff":3}}"#, "flatSearchCutoff"),
      (#"{"index":{"kind":"flat","m":3}}"#, "m does not go with flat"),
      (#"{"index":{"m":3}}"#, "kind"), (#"{"dimensions":"3"}"#, "whole number"),
      (#"{"dimensions":3.5}"#, "whole number"), ("[]", "expected an object"),
    ])
  func unknown(json: String, reason: String) throws {
    let value = try PropertyValue(json: json)
    do {
      _ = try PropertyDecoder().decode(CollectionConfiguration.self, from: value)
      Issue.record("accepted")
    } catch {
      #expect("\(error)".replacing("\\\"", with: "\"").contains(reason), "\(error)")
    }
  }
}
