import JSONText
import ObjectStorage
import TestSupport
import Testing

@Suite("Reading and writing JSON values")
struct JSONValueTests {
  private static let readable: [(String, PropertyValue)] = [
    ("null", PropertyValue.null), ("true", true), (" false ", false), ("0", 0), ("-12", -12),
    ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("1.0", 1.0), ("1e2", 100.0),
    ("-0.0", -0.0), ("0e999999999", 0.0), ("1E-3", 0.001), ("\"\"", ""), ("\"å€𝄞\"", "å€𝄞"),
    (#""\u00e5\u20AC\ud834\udd1e\n\t\"\\\/\b\f\r""#, "å€𝄞\n\t\"\\/\u{8}\u{c}\r"),
    ("[]", []), ("[1, [2], {}]", [1, [2], [:]]), ("{}", [:]),
    (" { \"a\" : 1 , \"b\\u0062\" : [ null ] } ", ["a": 1, "bb": [nil]]),
  ]

  @Test("Every kind of value is read", arguments: readable)
  func values(text: String, expected: PropertyValue) throws {
    #expect(try PropertyValue(json: text) == expected)
  }

  @Test(
    "Malformed texts are errors",
    arguments: [
      "", " ", "nul", "nulll", "tru", "+1", "01", "-", "1.", ".5", "1e", "1e+", "0x10", "1 2",
      "[1,]",
      "[1", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}", "'a'", "\"a",
      "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
      "\"a\nb\"", "\"a\u{0}b\"", "NaN", "Infinity", "-Infinity", "1e400", "{\"a\":1,\"a\":2}",
      "\u{FEFF}1",
      "\"\\", "[1}", "\u{1}1",
    ])
  func malformed(text: String) {
    #expect(throws: JSONError.self, "\(text)") { try PropertyValue(json: text) }
  }

  @Test(
    "Invalid UTF-8 in a string is an error",
    arguments: [
      [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
    ] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    for escape in [[], Array(#"\n"#.utf8)] {
      let text: [UInt8] = [0x22] + escape + bytes + [0x22]
      _ = text.withUnsafeBytes { text in
        #expect(throws: JSONError.self) { try PropertyValue(json: text) }
      }
    }
  }

  @Test("Nesting is bounded at 64 levels")
  func depth() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    _ = try PropertyValue(json: nested(64))
    #expect(throws: JSONError.self) { try PropertyValue(json: nested(65)) }
    #expect(throws: JSONError.self) { try PropertyValue(json: nested(200_000)) }
    #expect(throws: JSONError.self) {
      try PropertyValue(json: String(repeating: "{\"a\":", count: 100_000))
    }
  }

  @Test("An error names the byte")
  func errorText() {
    do throws(JSONError) {
      _ = try PropertyValue(json: "{\"a\": x}")
      Issue.record("accepted")
    } catch {
      #expect(error.offset == 6)
      #expect(error.description == "expected a value, found 'x' at byte 7")
    }
  }

  @Test("What is written reads back as the same value")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 11)
    for round in 0..<300 {
      let value = Self.randomValue(depth: 0, &random)
      let text = value.json
      #expect(try PropertyValue(json: text) == value, "seed 11, round \(round): \(text)")
    }
  }

  @Test("Names come out in the order of their bytes")
  func sortedNames() {
    let value: PropertyValue = ["b": 1, "a": [true, nil], "å": 0.5, "A": "x\u{1}\u{7F}"]
    #expect(value.json == #"{"A":"x\u0001\u007f","a":[true,null],"b":1,"å":0.5}"#)
  }

  private static func randomValue(
    depth: Int, _ random: inout SeededGenerator
  ) -> PropertyValue {
    switch Int.random(in: 0..<(depth < 4 ? 8 : 5), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2:
      return .int(Int64(bitPattern: random.next() >> UInt64.random(in: 0..<64, using: &random)))
    case 3:
      let value = Double(bitPattern: random.next())
      return .double(value.isFinite ? value : 0.1)
    case 4: return .string(randomText(&random))
    case 5, 6:
      return .array(
        (0..<Int.random(in: 0..<5, using: &random)).map { _ in
          randomValue(depth: depth + 1, &random)
        })
    default:
      var members: [String: PropertyValue] = [:]
      for _ in 0..<Int.random(in: 0..<5, using: &random) {
        members[randomText(&random)] = randomValue(depth: depth + 1, &random)
      }
      return .object(members)
    }
  }

  private static func randomText(_ random: inout SeededGenerator) -> String {
    let scalars = Array("a\"\\/\u{0}\n\r\t\u{1f}\u{7f}é€𝄞\u{2028}\u{fffd}".unicodeScalars)
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<9, using: &random) {
      if let scalar = scalars.randomElement(using: &random) { text.append(scalar) }
    }
    return String(text)
  }
}
