import Seamstone
import TestSupport
import Testing

@Suite("What filters match")
struct FilterMatchingTests {
  static let article: [String: PropertyValue] = [
    "title": "Über die Naht", "section": "science", "year": 2021, "score": 0.5, "draft": false,
    "tags": ["new", "Swift"], "ratings": [3, 4.5], "nothing": nil,
    "author": ["name": "Ada", "born": 1815],
    "reviews": [["by": "x", "stars": 5], ["by": "y", "stars": 2]],
    "date": "2024-05-01T12:30:00+02:00", "big": .int(9_007_199_254_740_993),
  ]

  static let matching: [Filter] = [
    Field("section") == "science", Field("section") != "art", Field("year") == 2021,
    Field("year") == 2021.0, Field("year") >= 2021, Field("year") > 2020.5, Field("year") < 2022,
    Field("score") <= 0.5, Field("score") < 1, Field("draft") == false,
    Field("title") > "U", Field("tags") == "new", Field("tags") == ["new", "Swift"],
    Field("tags").contains("Swift"), Field("title").contains("die"),
    Field("section").in(["art", "science"]), Field("tags").in(["old", "new"]),
    Field("tags").containsAll(["Swift", "new"]), Field("section").containsAll(["science"]),
    Field("title").like("Über*N?ht"), Field("title").like("?ber*"), Field("tags").like("Sw*"),
    Field("nothing").isNull, Field("missing").isNull, Field("nothing") == nil,
    Field("missing") == nil, Field("section") != nil, !Field("section").isNull,
    Field("missing") != 1, Field("nothing") != "x", !(Field("missing") == 1),
    Field("author.name") == "Ada", Field("author.born") < 1900, Field("reviews.stars") == 2,
    Field("reviews.stars") > 4, Field("ratings") == 4.5, Field("ratings") == 3.0,
    Field("ratings") > 4, Field("section") == "science" && Field("year") > 2000,
    Field("section") == "art" || Field("year") > 2000, .and([]), !.or([]),
    Field("big") == Int64(9_007_199_254_740_993), Field("big") > 9_007_199_254_740_992.0,
    Field("id") == "k1", Field("id").in(["k0", "k1"]), !Field("id").isNull,
    .compareDate("date", .equal, Timestamp("2024-05-01T10:30:00Z") ?? .init(seconds: 0)),
    .compareDate("date", .less, Timestamp("2024-05-01T10:30:00.001Z") ?? .init(seconds: 0)),
    .compareDate("missing", .notEqual, .init(seconds: 0)),
  ]

  @Test("Filters that hold", arguments: matching)
  func holds(filter: Filter) {
    #expect(filter.matches(Self.article, id: "k1"))
    #expect(!(!filter).matches(Self.article, id: "k1"))
  }

  static let failing: [Filter] = [
    Field("section") == "Science", Field("section") == "scienc", Field("year") == "2021",
    Field("year") < "3000", Field("title") > 1, Field("draft") == 0, Field("draft") < true,
    Field("missing") == "x", Field("missing") < 1, Field("missing") > 1, Field("nothing") == 0,
    Field("tags") == "swift", Field("tags") == ["Swift", "new"], Field("tags") != "new",
    Field("tags").contains("Sw"), Field("year").contains(2), Field("title").contains("DIE"),
    Field("section").in([] as [String]), Field("tags").containsAll(["new", "old"]),
    Field("title").like("Über"), Field("title").like("ber*"), Field("year").like("2*"),
    Field("author") == "Ada", Field("author.name.first") == "Ada", Field("section.x").like("*"),
    Field("reviews.stars") == 3, Field("") == 1, Field("big") == 9_007_199_254_740_992.0,
    Field("score") == Double.nan, Field("score") < Double.nan, .or([]), Field("id") == "k2",
    .compareDate("title", .greater, .init(seconds: 0)),
    .compareDate("year", .greater, .init(seconds: 0)),
  ]

  @Test("Filters that do not hold", arguments: failing)
  func fails(filter: Filter) {
    #expect(!filter.matches(Self.article, id: "k1"))
    #expect((!filter).matches(Self.article, id: "k1"))
  }

  @Test("A property called id hides the object's id")
  func ownID() {
    #expect((Field("id") == "p").matches(["id": "p"], id: "k"))
    #expect(!(Field("id") == "k").matches(["id": "p"], id: "k"))
    #expect((Field("id") == 7).matches([:], id: 7))
    #expect(Field("id").isNull.matches([:]))
  }

  @Test("Whole numbers and doubles are ordered by their exact values")
  func numbers() {
    var random = SeededGenerator(seed: 9)
    let edges: [PropertyValue] = [
      .int(.max), .int(.min), .int(.max - 1), 0, -1, .double(0x1p63), .double(-0x1p63), -0.0, 0.5,
      -0.5, .double(0x1p63.nextDown), .double(-0x1p63.nextUp), .double(0x1p53), .int(1 << 53 + 1),
      .double(.greatestFiniteMagnitude), .double(.leastNonzeroMagnitude), 3.7, 3, -3.7, -3,
    ]
    for a in edges {
      for b in edges {
        let less = Filter.less("x", b).matches(["x": a])
        let equal = Filter.equal("x", b).matches(["x": a])
        let greater = Filter.greater("x", b).matches(["x": a])
        #expect([less, equal, greater].count(where: { $0 }) == 1, "\(a) \(b)")
        #expect(less == Filter.greater("x", a).matches(["x": b]), "\(a) \(b)")
        #expect(equal == Filter.equal("x", a).matches(["x": b]), "\(a) \(b)")
        #expect(Filter.lessOrEqual("x", b).matches(["x": a]) == (less || equal), "\(a) \(b)")
      }
    }
    for _ in 0..<200 {
      let whole = Int64(random.next() % 100)
      let half = Double(random.next() % 200) / 2
      #expect(Filter.less("x", .double(half)).matches(["x": .int(whole)]) == (Double(whole) < half))
    }
  }

  @Test("Wildcards agree with a plain definition")
  func wildcards() {
    func plain(_ text: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
      guard let first = pattern.first else { return text.isEmpty }
      if first == "*" {
        return plain(text, pattern.dropFirst())
          || (!text.isEmpty && plain(text.dropFirst(), pattern))
      }
      guard let letter = text.first else { return false }
      return (first == "?" || first == letter) && plain(text.dropFirst(), pattern.dropFirst())
    }
    var random = SeededGenerator(seed: 31)
    let letters: [Character] = ["a", "b", "é", "𝄞"]
    let patternLetters: [Character] = letters + ["*", "?", "*"]
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 0..<8, using: &random)).map { _ in
        letters.randomElement(using: &random) ?? "a"
      }
      let pattern = (0..<Int.random(in: 0..<7, using: &random)).map { _ in
        patternLetters.randomElement(using: &random) ?? "a"
      }
      let filter = Field("t").like(String(pattern))
      #expect(
        filter.matches(["t": .string(String(text))]) == plain(text[...], pattern[...]),
        "seed 31: \(String(text)) like \(String(pattern))")
      let part = pattern.filter { $0 != "*" && $0 != "?" }
      let contains = plain(text[...], ["*"] + part + ["*"])
      #expect(Field("t").contains(String(part)).matches(["t": .string(String(text))]) == contains)
    }
  }

  @Test("A hostile pattern takes no exponential time")
  func hostilePattern() {
    let text = String(repeating: "a", count: 3_000)
    let pattern = String(repeating: "a*", count: 30) + "b"
    #expect(!Field("t").like(pattern).matches(["t": .string(text)]))
  }

  @Test("Filters print as a person would write them")
  func description() {
    let filter =
      Field("section") == "sci\"ence" && (Field("year") >= 2020 || !Field("tags").contains("x"))
      && Field("a.b").in([1, 2])
    #expect(
      filter.description
        == #"section == "sci\"ence" && (year >= 2020 || !(tags contains "x")) && a.b in [1,2]"#)
    #expect(Filter.and([]).description == "true")
    #expect(Filter.isNull(PropertyPath(components: ["a.b", "c"])).description == "`a.b`.c is null")
  }
}
