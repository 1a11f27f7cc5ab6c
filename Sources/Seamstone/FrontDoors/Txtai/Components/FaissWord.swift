/// One element of a factory string, read from its start.
struct FaissWord {
  /// The largest number that an element may hold; more than any index has of anything.
  static let largestNumber = 1_000_000_000

  let text: String
  private var rest: Substring

  init(_ text: String) {
    self.text = text
    rest = text[...]
  }

  /// Whether everything has been read.
  var isAtEnd: Bool { rest.isEmpty }

  /// What has not been read, as a word of its own.
  var remainder: FaissWord { FaissWord(String(rest)) }

  /// Reads `prefix` if it comes next.
  mutating func take(_ prefix: String) -> Bool {
    guard rest.hasPrefix(prefix) else { return false }
    rest = rest.dropFirst(prefix.count)
    return true
  }

  /// Reads a number; nil if no digit comes next.
  mutating func number() throws(FaissParser.Refusal) -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return nil }
    rest = rest[digits.endIndex...]
    guard digits.count <= 10, let number = Int(digits), number <= FaissWord.largestNumber else {
      throw refusal("a number is larger than \(FaissWord.largestNumber)")
    }
    return number
  }

  /// Reads a number of at least one; nil if no digit comes next.
  mutating func count(_ what: String) throws(FaissParser.Refusal) -> Int? {
    guard let number = try number() else { return nil }
    guard number > 0 else { throw refusal("the number of \(what) must be 1 or more") }
    return number
  }

  /// Reads a number of at least one, which must come next.
  mutating func requiredCount(_ what: String) throws(FaissParser.Refusal) -> Int {
    guard let count = try count(what) else {
      throw refusal("the number of \(what) is missing")
    }
    return count
  }

  /// Throws unless everything has been read.
  func expectEnd() throws(FaissParser.Refusal) {
    guard rest.isEmpty else { throw refusal("\"\(rest)\" does not belong there") }
  }

  func refusal(_ reason: String) -> FaissParser.Refusal {
    FaissParser.Refusal("\"\(text)\": \(reason)")
  }
}
