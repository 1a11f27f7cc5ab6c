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
    #expect(usual.encoding == .int8())
    #expect(usual.index == .hnsw())
  }

  @Test("The table of encodings and metrics holds")
  func binding() {
    for metric in Metric.allCases {
      for name in VectorEncoding.names {
        let encoding = VectorEncoding(name: name)
        let configuration = CollectionConfiguration(metric: metric, encoding: encoding)
        let isRefused =
          metric == .hamming && name != "float32" || name == "bits"
          || metric == .manhattan && ["binary", "rabitq"].contains(name)
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
      encoding: .int8())
    do throws(StoreError) {
      try configuration.validate()
      Issue.record("accepted")
    } catch {
      #expect(error.code == .invalidConfiguration)
      let words = [
        "7 problems", "dimensions is 0", "m is 1; it must be 2 to 2047", "efConstruction is 3",
        "dynamicEfMin (20) is larger than dynamicEfMax (10)", "dynamicEfFactor is 0", "seed",
        "hamming",
      ]
      for word in words { #expect(error.message.contains(word), "\(error.message)") }
    }
  }

  @Test(
    "What is wrong with an encoding is said",
    arguments: [
      (.pq(subvectors: 5), "subvectors is 5, which does not divide the 384 dimensions", "4 or 6"),
      (.pq(subvectors: 385), "385", "384"), (.pq(subvectors: -1), "0 or more", ""),
      (.pq(centroids: 1), "centroids is 1; it must be 2 to 256", ""),
      (.pq(centroids: 257), "centroids is 257", ""),
      (.pq(trainingLimit: 255), "at least centroids, 256", ""),
      (.pq(subvectors: 96, encoder: .tile(.normal)), "one for each of the 384 dimensions", ""),
      (.pq(centroids: 12, encoder: .tile(.normal)), "power of two", ""),
      (.int8(trainingLimit: 0), "trainingLimit is 0; it must be 1 to 10000000", ""),
      (.int4(rescoreLimit: -1), "rescoreLimit is -1; it must be 0 to 1000000", ""),
      (.binary(rescoreLimit: 1_000_001), "rescoreLimit is 1000001", ""),
      (.rabitq(bits: 2), "bits is 2; it must be 8, 4 or 1", ""),
      (.rabitq(rescoreLimit: -1), "rescoreLimit is -1", ""),
    ] as [(VectorEncoding, String, String)])
  func encodingProblems(encoding: VectorEncoding, words: String, more: String) {
    let problems = CollectionConfiguration(dimensions: 384, encoding: encoding).problems
    #expect(problems.count == 1)
    #expect(problems.first?.contains(words) == true, "\(problems)")
    #expect(more.isEmpty || problems.first?.contains(more) == true, "\(problems)")
  }

  @Test("Encodings that are right have no problems")
  func encodingsWithoutProblems() {
    let encodings: [VectorEncoding] = [
      .pq(subvectors: 96), .pq(subvectors: 384, centroids: 2, trainingLimit: 2),
      .pq(encoder: .tile(.normal)), .pq(subvectors: 384, centroids: 16, encoder: .tile(.logNormal)),
      .int4(rescoreLimit: 0), .rabitq(bits: 1), .binary(rescoreLimit: 0),
    ]
    for encoding in encodings {
      #expect(CollectionConfiguration(dimensions: 384, encoding: encoding).problems == [])
    }
    // Without dimensions there is nothing to divide yet.
    #expect(CollectionConfiguration(encoding: .pq(subvectors: 5)).problems == [])
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
    .init(index: .hnsw(HNSWConfiguration(m: 2_047, graphRows: 7))),
    .init(index: .ivf()), .init(index: .ivf(lists: 9, probes: 3, trainingLimit: 700, seed: 4)),
    .init(filtering: FilterPlanning(flatSearchCutoff: 0, strategy: .sweeping)),
    .init(encoding: .float16), .init(encoding: .int8(trainingLimit: 7, rescoreLimit: 0)),
    .init(encoding: .int4(rescoreLimit: 100)), .init(encoding: .pq()),
    .init(encoding: .pq(subvectors: 96, centroids: 16, trainingLimit: 5_000)),
    .init(encoding: .pq(encoder: .tile(.normal))), .init(encoding: .pq(encoder: .tile(.logNormal))),
    .init(encoding: .binary()), .init(encoding: .binary(rescoreLimit: 0)),
    .init(encoding: .rabitq()), .init(encoding: .rabitq(bits: 1, rescoreLimit: 512)),
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
    // What the first release stored, and shorter forms.
    #expect(try read(#"{"encoding":"int8"}"#).encoding == .int8())
    #expect(try read(#"{"encoding":"float32"}"#).encoding == .float32)
    #expect(try read(#"{"encoding":"pq"}"#).encoding == .pq())
    #expect(try read(#"{"encoding":{"kind":"rabitq","bits":4}}"#).encoding == .rabitq(bits: 4))
    let tile = try read(#"{"encoding":{"kind":"pq","encoder":"tile"}}"#)
    #expect(tile.encoding == .pq(encoder: .tile(.logNormal)))
  }

  @Test(
    "Unknown names are errors that say the nearest",
    arguments: [
      (#"{"dimension":3}"#, "Did you mean \"dimensions\"?"),
      (#"{"metric":"cosin"}"#, "Did you mean \"cosine\"?"),
      (#"{"metric":"euclid"}"#, "Known names: cosine, dot"),
      (#"{"encoding":"flaot16"}"#, "Did you mean \"float16\"?"),
      (#"{"encoding":"sq"}"#, "Did you mean \"pq\"?"),
      (
        #"{"encoding":{"kind":"int16"}}"#,
        "Path: encoding.kind. Debug description: unknown encoding"
      ),
      (#"{"encoding":{"kind":"pq","segments":96}}"#, "unknown key \"segments\""),
      (#"{"encoding":{"kind":"pq","centroid":96}}"#, "Did you mean \"centroids\"?"),
      (#"{"encoding":{"kind":"pq","rescoreLimit":9}}"#, "rescoreLimit does not go with pq"),
      (#"{"encoding":{"kind":"pq","encoder":"tiles"}}"#, "Did you mean \"tile\"?"),
      (#"{"encoding":{"kind":"pq","distribution":"normal"}}"#, "distribution does not go with"),
      (#"{"encoding":{"kind":"pq","encoder":"tile","distribution":"nromal"}}"#, "\"normal\""),
      (#"{"encoding":{"kind":"pq","centroids":"x"}}"#, "whole number"),
      (#"{"encoding":{"centroids":16}}"#, "kind"), (#"{"encoding":3}"#, "expected an object"),
      (#"{"index":"hsnw"}"#, "\"hnsw\""),
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
