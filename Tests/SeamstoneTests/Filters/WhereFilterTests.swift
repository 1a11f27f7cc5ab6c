import JSONText
import ObjectStorage
import Seamstone
import TestSupport
import Testing

@Suite("The where filters of Weaviate")
struct WhereFilterTests {
  static let known: [(String, Filter)] = [
    (
      #"{"operator":"Equal","path":["section"],"valueText":"science"}"#,
      Field("section") == "science"
    ),
    (
      #"{"operator":"Equal","path":["section"],"valueString":"science"}"#,
      Field("section") == "science"
    ),
    (#"{"operator":"NotEqual","path":["a"],"valueBoolean":true}"#, Field("a") != true),
    (#"{"operator":"GreaterThan","path":["a","b"],"valueInt":3}"#, Field("a.b") > 3),
    (#"{"operator":"GreaterThanEqual","path":"a.b","valueNumber":3}"#, Field("a.b") >= 3.0),
    (#"{"operator":"LessThan","path":["a"],"valueNumber":0.5}"#, Field("a") < 0.5),
    (
      #"{"operator":"LessThanEqual","path":["a"],"valueDate":"2024-01-01T00:00:00Z"}"#,
      .compareDate("a", .lessOrEqual, Timestamp(seconds: 1_704_067_200))
    ),
    (#"{"operator":"Like","path":["a"],"valueText":"x*"}"#, Field("a").like("x*")),
    (#"{"operator":"ContainsAny","path":["a"],"valueText":["x","y"]}"#, Field("a").in(["x", "y"])),
    (#"{"operator":"ContainsAny","path":["a"],"valueIntArray":[1]}"#, Field("a").in([1])),
    (#"{"operator":"ContainsAll","path":["a"],"valueText":"x"}"#, Field("a").containsAll(["x"])),
    (#"{"operator":"ContainsNone","path":["a"],"valueInt":[1,2]}"#, !Field("a").in([1, 2])),
    (#"{"operator":"IsNull","path":["a"],"valueBoolean":true}"#, Field("a").isNull),
    (#"{"operator":"IsNull","path":["a"],"valueBoolean":false}"#, !Field("a").isNull),
    (#"{"operator":"Contains","path":["a"],"valueText":"x"}"#, Field("a").contains("x")),
    (
      #"{"operator":"Equal","path":["a"],"value":[1,null]}"#,
      .equal("a", [1, nil])
    ),
    (
      #"{"operator":"And","operands":[{"operator":"Equal","path":["a"],"valueInt":1},{"operator":"Not","operands":[{"operator":"Or","operands":[]}]}]}"#,
      .and([Field("a") == 1, .not(.or([]))])
    ),
  ]

  @Test("Known filters are read", arguments: known)
  func reads(json: String, filter: Filter) throws {
    #expect(try Filter(whereJSON: json) == filter)
  }

  static let refused: [(String, String)] = [
    ("", "not valid JSON"), ("[]", "In where: expected an object, found a list"),
    ("{}", "\"operator\" is missing"),
    (#"{"oprator":"Equal"}"#, "Did you mean \"operator\"?"),
    (#"{"operator":"Equals","path":["a"],"valueInt":1}"#, "Did you mean \"Equal\"?"),
    (#"{"operator":"equal","path":["a"],"valueInt":1}"#, "Did you mean \"Equal\"?"),
    (#"{"operator":"WithinGeoRange","path":["a"],"valueInt":1}"#, "Known names: And, Or"),
    (#"{"operator":"Equal","path":["a"],"valueTxt":"x"}"#, "Did you mean \"valueText\"?"),
    (#"{"operator":"Equal","path":["a"],"valueGeoRange":{}}"#, "not supported"),
    (#"{"operator":"Equal","valueInt":1}"#, "\"path\" is missing"),
    (#"{"operator":"Equal","path":[],"valueInt":1}"#, "\"path\" is missing"),
    (#"{"operator":"Equal","path":[1],"valueInt":1}"#, "\"path\" has a number"),
    (#"{"operator":"Equal","path":["a"]}"#, "no value"),
    (#"{"operator":"Equal","path":["a"],"valueInt":1,"valueText":"x"}"#, "more than one value"),
    (#"{"operator":"Equal","path":["a"],"valueInt":1.5}"#, "a whole number"),
    (#"{"operator":"Equal","path":["a"],"valueInt":"1"}"#, "a whole number"),
    (#"{"operator":"Equal","path":["a"],"valueText":1}"#, "a text"),
    (#"{"operator":"Equal","path":["a"],"valueBoolean":"true"}"#, "true or false"),
    (#"{"operator":"Equal","path":["a"],"valueNumber":null}"#, "a number"),
    (#"{"operator":"Equal","path":["a"],"valueDate":"yesterday"}"#, "RFC 3339"),
    (#"{"operator":"Equal","path":["a"],"valueText":["x"]}"#, "Use \"ContainsAny\""),
    (#"{"operator":"ContainsAny","path":["a"],"valueTextArray":"x"}"#, "must be a list"),
    (#"{"operator":"Like","path":["a"],"valueInt":1}"#, "takes a \"valueText\""),
    (#"{"operator":"IsNull","path":["a"],"valueText":"x"}"#, "takes a \"valueBoolean\""),
    (#"{"operator":"And"}"#, "\"operands\" is missing"),
    (#"{"operator":"And","operands":{}}"#, "\"operands\" is missing or not a list"),
    (#"{"operator":"And","operands":[],"path":["a"]}"#, "does not go with \"operands\""),
    (#"{"operator":"Not","operands":[]}"#, "takes one operand"),
    (#"{"operator":"Equal","path":["a"],"valueInt":1,"operands":[]}"#, "does not go with"),
    (
      #"{"operator":"Or","operands":[{"operator":"And","operands":[3]}]}"#,
      "In where.operands[0].operands[0]: expected an object"
    ),
  ]

  @Test("What is wrong is named, with its place", arguments: refused)
  func refuses(json: String, reason: String) {
    do throws(StoreError) {
      _ = try Filter(whereJSON: json)
      Issue.record("accepted: \(json)")
    } catch {
      #expect(error.code == .invalidArgument)
      #expect(error.description.contains(reason), "\(error)")
    }
  }

  @Test("Deep nesting is refused")
  func deep() {
    let open = String(repeating: #"{"operator":"Not","operands":["#, count: 50_000)
    #expect(throws: StoreError.self) { try Filter(whereJSON: open) }
  }

  @Test("What is written reads back as an equal filter")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 41)
    for round in 0..<500 {
      let filter = Self.randomFilter(depth: 0, &random)
      #expect(
        try Filter(whereJSON: filter.whereJSON) == filter, "seed 41, round \(round): \(filter)")
      let encoded = try PropertyEncoder().encode(filter)
      #expect(try PropertyDecoder().decode(Filter.self, from: encoded) == filter)
    }
    for filter in FilterMatchingTests.matching {
      #expect(try Filter(whereJSON: filter.whereJSON) == filter, "\(filter)")
    }
  }

  @Test("A malformed structure fails to decode with its reason")
  func decoding() {
    do {
      _ = try PropertyDecoder().decode(Filter.self, from: ["operator": "Nope"])
      Issue.record("accepted")
    } catch {
      #expect("\(error)".contains("unknown operator"))
    }
  }

  private static func randomFilter(depth: Int, _ random: inout SeededGenerator) -> Filter {
    let paths: [PropertyPath] = ["a", "b.c", PropertyPath(components: ["x.y", ""]), "id"]
    let values: [PropertyValue] = [
      nil, true, 1, -2.0, .int(.max), "x", "2024-01-01T00:00:00Z", [1, "a"], [], ["k": [nil]],
    ]
    func value(_ random: inout SeededGenerator) -> PropertyValue {
      values.randomElement(using: &random) ?? nil
    }
    func list(_ random: inout SeededGenerator) -> [PropertyValue] {
      (0..<Int.random(in: 0..<4, using: &random)).map { _ in value(&random) }
    }
    let path = paths.randomElement(using: &random) ?? "a"
    let comparison = Comparison.allCases.randomElement(using: &random) ?? .equal
    switch Int.random(in: 0..<(depth < 4 ? 10 : 7), using: &random) {
    case 0: return .compare(path, comparison, value(&random))
    case 1:
      let seconds = Int64.random(in: -62_167_219_200...253_402_300_799, using: &random)
      let nanoseconds = Int32.random(in: 0..<1_000_000_000, using: &random)
      return .compareDate(path, comparison, Timestamp(seconds: seconds, nanoseconds: nanoseconds))
    case 2: return .in(path, list(&random))
    case 3: return .contains(path, value(&random))
    case 4: return .containsAll(path, list(&random))
    case 5: return .like(path, "a*?\"")
    case 6: return .isNull(path)
    case 7: return .not(randomFilter(depth: depth + 1, &random))
    case 8:
      return .and(
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in
          randomFilter(depth: depth + 1, &random)
        })
    default:
      return .or(
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in
          randomFilter(depth: depth + 1, &random)
        })
    }
  }
}
