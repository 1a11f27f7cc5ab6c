import Testing

@testable import Seamstone

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct BitsConfigurationTests {
  @Test func whatBitsCannotHaveIsRefusedWithTheReason() {
    for metric in Metric.allCases where metric != .hamming {
      let problems = CollectionConfiguration(
        dimensions: 64, metric: metric, elementType: .bits
      ).problems
      #expect(problems.count == 1)
      #expect(problems.first?.contains("\(metric) does not go with") == true)
    }
    for encoding in VectorEncoding.usual where encoding != .bits {
      let problems = CollectionConfiguration(
        dimensions: 64, encoding: encoding, elementType: .bits
      ).problems
      #expect(problems.first?.contains("packed bits are stored as they are") == true)
      #expect(
        CollectionConfiguration(dimensions: 64, metric: .hamming, encoding: .bits).problems.first?
          .contains("packed bits, not numbers") == true)
    }
    for dimensions in [1, 7, 9, 65] {
      let problems = CollectionConfiguration(dimensions: dimensions, elementType: .bits).problems
      #expect(problems.first?.contains("multiple of 8") == true)
    }
    let vectorized = CollectionConfiguration(elementType: .bits, vectorizer: "words")
    #expect(vectorized.problems.first?.contains("makes numbers") == true)
    #expect(CollectionConfiguration(dimensions: 65_528, elementType: .bits).problems.isEmpty)
  }

  @Test func theElementTypeIsWrittenAndReadBack() throws {
    let bits = CollectionConfiguration(dimensions: 256, index: .flat, elementType: .bits)
    let text = String(decoding: try JSONEncoder().encode(bits), as: UTF8.self)
    #expect(text.contains(#""element":"bits""#))
    #expect(try JSONDecoder().decode(CollectionConfiguration.self, from: Data(text.utf8)) == bits)
    let short = try JSONDecoder().decode(
      CollectionConfiguration.self,
      from: Data(#"{"element":"bits","dimensions":256,"index":"flat"}"#.utf8))
    #expect(short == bits)
    let numbers = CollectionConfiguration(dimensions: 8)
    #expect(
      !String(decoding: try JSONEncoder().encode(numbers), as: UTF8.self).contains("element"))
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        CollectionConfiguration.self, from: Data(#"{"element":"bit"}"#.utf8))
    }
  }

  @Test func kindsThatDoNotGoWithTheElementTypeAreRefused() throws {
    for index in [IndexConfiguration.annoy(), .custom("tests.Own")] {
      let configuration = CollectionConfiguration(
        dimensions: 64, index: index, elementType: .bits)
      let name = if case .custom(let kind) = index { "\"\(kind.name)\"" } else { index.name }
      #expect(configuration.problems.count == 1)
      #expect(
        configuration.problems.first?.contains("\(name) does not go with the element type bits")
          == true)
    }
    let buckets = CollectionConfiguration(dimensions: 64, index: .hash())
    #expect(buckets.problems.first?.contains("hash does not go with") == true)
    for (bits, tables) in [(0, 1), (33, 1), (17, 1), (6, 3), (4, 0), (1, 65)] {
      let index = IndexConfiguration.hash(bits: bits, tables: tables)
      #expect(
        !CollectionConfiguration(dimensions: 16, index: index, elementType: .bits)
          .problems.isEmpty)
    }
    for index in [IndexConfiguration.hash(bits: 12, tables: 5, flips: 1, seed: 7), .ivf(lists: 9)] {
      let good = CollectionConfiguration(dimensions: 64, index: index, elementType: .bits)
      #expect(good.problems.isEmpty)
      let text = try JSONEncoder().encode(good)
      #expect(try JSONDecoder().decode(CollectionConfiguration.self, from: text) == good)
    }
  }

  @Test func theElementTypeNeverChanges() throws {
    let bench = try StoreBench(dimensions: 16, metric: .hamming, elementType: .bits)
    #expect(throws: StoreError.self) {
      try bench.store.collection("things", .init(dimensions: 16, metric: .hamming))
    }
    #expect(throws: StoreError.self) { try bench.collection.reconfigure(encoding: .float32) }
    try bench.collection.reconfigure(index: .flat)
    #expect(try bench.collection.configuration().index == .flat)
  }
}
