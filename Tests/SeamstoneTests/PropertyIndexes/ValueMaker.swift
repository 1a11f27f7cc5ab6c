import Seamstone
import TestSupport

/// Property values and filters of all sorts, few enough to meet each other often.
struct ValueMaker {
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  static let paths: [PropertyPath] = ["a", "b", "a.b", "tags", "id", "when"]

  static let texts: [String] = [
    "", "a", "b", "ab", "a\u{0}b", "a\u{0}", "é", "e\u{301}", "caf\u{e9} noir", "cafe\u{301} noir",
    "caf",
    "Zürich", "Zu\u{308}rich", "\u{F900}", "\u{8C48}", "\u{AC01}", "\u{1100}\u{1161}\u{11A8}",
    "\u{301}", "\u{10FFFF}", "日本語", "がく", "か\u{3099}く", "🧵", "*", "a*?", "2024-05-01T12:30:00Z",
    "2024-05-01T14:30:00+02:00", "2024-05-01T12:30:00.5Z", "1999-12-31T23:59:59Z",
    String(repeating: "x", count: 300), String(repeating: "x", count: 299) + "y",
    String(repeating: "x", count: 255), String(repeating: "x", count: 128),
    String(repeating: "ü", count: 200), String(repeating: "ü", count: 199) + "u\u{308}",
    String(repeating: "\u{0}", count: 130), String(repeating: "x", count: 150) + "e\u{301}",
  ]

  static let numbers: [PropertyValue] = [
    .int(0), .int(1), .int(-1), .int(2), .double(1), .double(0.5), .double(-0.0), .double(-1.5),
    .int(9_007_199_254_740_992), .int(9_007_199_254_740_993), .double(9_007_199_254_740_992),
    .int(.max), .int(.max - 1), .int(.min), .double(0x1p63), .double(-0x1p63), .double(.infinity),
    .double(-.infinity), .double(.nan), .double(1e-300),
  ]

  mutating func pick<Element>(_ list: [Element], _ fallback: Element) -> Element {
    list.randomElement(using: &random) ?? fallback
  }

  mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

  mutating func value(depth: Int = 0) -> PropertyValue {
    switch Int.random(in: 0..<(depth < 2 ? 12 : 8), using: &random) {
    case 0...3: .string(pick(Self.texts, ""))
    case 4...5: pick(Self.numbers, .int(0))
    case 6: .bool(Bool.random(using: &random))
    case 7: .null
    case 8...10:
      .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth + 1) })
    default: .object(["b": value(depth: depth + 1)])
    }
  }

  mutating func properties() -> [String: PropertyValue] {
    var properties: [String: PropertyValue] = [:]
    for name in ["a", "b", "tags", "when", "id"] where !chance(name == "id" ? 1 : 3) {
      properties[name] = value()
    }
    if chance(6) { properties["id"] = value() }
    return properties
  }

  private mutating func comparison() -> Comparison { pick(Comparison.allCases, .equal) }

  private mutating func moment() -> Timestamp {
    let texts = ["2024-05-01T12:30:00Z", "2024-05-01T12:30:00.5Z", "1999-12-31T23:59:59Z"]
    return Timestamp(pick(texts, "")) ?? Timestamp(seconds: 0)
  }

  private mutating func pattern() -> String {
    let text = pick(Self.texts, "a")
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return String(text.unicodeScalars.prefix(2)) + "*"
    case 1: return "*" + String(text.unicodeScalars.suffix(1))
    case 2: return "?" + String(text.unicodeScalars.dropFirst())
    default: return text
    }
  }

  mutating func filter(depth: Int = 0) -> Filter {
    let path = pick(Self.paths + ["missing"], "a")
    switch Int.random(in: 0..<(depth < 3 ? 14 : 10), using: &random) {
    case 0...2: return .compare(path, .equal, value(depth: 1))
    case 3...4: return .compare(path, comparison(), value(depth: 2))
    case 5: return .compareDate(path, comparison(), moment())
    case 6: return .in(path, (0..<3).map { _ in value(depth: 2) })
    case 7: return .contains(path, value(depth: 1))
    case 8:
      return chance(2) ? .containsAll(path, [value(depth: 2), value(depth: 2)]) : .isNull(path)
    case 9: return .like(path, pattern())
    case 10...11: return .and(parts(depth))
    case 12: return .or(parts(depth))
    default: return .not(filter(depth: depth + 1))
    }
  }

  private mutating func parts(_ depth: Int) -> [Filter] {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in filter(depth: depth + 1) }
  }
}
