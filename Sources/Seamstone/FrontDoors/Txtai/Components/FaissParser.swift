/// Reads faiss index factory strings, in faiss's order: id map, refinement, transforms, then the index itself.
struct FaissParser {
  /// Why a string is refused.
  struct Refusal: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// The most bytes of a string.
  private static let maximumLength = 256

  private var elements: [String]

  static func parse(_ text: String) throws(Refusal) -> FaissComponents {
    guard text.utf8.count <= maximumLength else {
      throw Refusal("the string is longer than \(maximumLength) bytes")
    }
    var parser = FaissParser(elements: try split(text))
    return try parser.components()
  }

  /// The elements: parts between commas that are not in parentheses.
  private static func split(_ text: String) throws(Refusal) -> [String] {
    var elements = [""]
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      guard depth >= 0 else { throw Refusal("a parenthesis is closed that was not opened") }
      if character == ",", depth == 0 {
        elements.append("")
      } else {
        elements[elements.count - 1].append(character)
      }
    }
    guard depth == 0 else { throw Refusal("a parenthesis is not closed") }
    let trimmed = elements.map(trim)
    guard trimmed.allSatisfy({ !$0.isEmpty }) else {
      throw Refusal(
        trimmed.count == 1 ? "the string is empty" : "there is nothing between two commas")
    }
    return trimmed
  }

  private static func trim(_ text: String) -> String {
    var rest = text[...].drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }

  private mutating func components() throws(Refusal) -> FaissComponents {
    var maps = takeIDMap(atEnd: false)
    maps += takeIDMap(atEnd: true)
    let refinement = try takeRefinement()
    maps += takeIDMap(atEnd: true)
    var transforms: [FaissComponents.Transform] = []
    while let first = elements.first, let transform = try FaissParser.transform(FaissWord(first)) {
      transforms.append(transform)
      elements.removeFirst()
    }
    maps += takeIDMap(atEnd: false)
    guard maps.count <= 1 else { throw Refusal("IDMap is given twice") }
    guard let first = elements.first else { throw Refusal("no index is named, as Flat or IVF256") }
    var components = try FaissParser.index(FaissWord(first), elements.dropFirst().first)
    let used = components.usesTwoElements ? 2 : 1
    if elements.count > used {
      throw FaissParser.misplaced(elements[used], after: elements[used - 1])
    }
    components.value.transforms = transforms
    components.value.idMap = maps.first
    components.value.refinement = refinement
    try FaissParser.check(components.value)
    return components.value
  }

  private mutating func takeIDMap(atEnd: Bool) -> [FaissComponents.IDMap] {
    guard let text = atEnd ? elements.last : elements.first,
      let map = FaissComponents.IDMap(rawValue: text)
    else { return [] }
    if atEnd { elements.removeLast() } else { elements.removeFirst() }
    return [map]
  }

  private mutating func takeRefinement() throws(Refusal) -> FaissComponents.Code? {
    guard let last = elements.last else { return nil }
    if last == "RFlat" {
      elements.removeLast()
      return .flat
    }
    var word = FaissWord(last)
    guard word.take("Refine") else { return nil }
    guard word.take("("), last.hasSuffix(")") else {
      throw word.refusal("write RFlat, or Refine(SQ8) with a code in parentheses")
    }
    elements.removeLast()
    let inner = FaissParser.trim(String(last.dropFirst("Refine(".count).dropLast()))
    guard let code = try FaissParser.code(FaissWord(inner)) else {
      throw word.refusal("\"\(inner)\" is not a code: Flat, SQ8, SQ6, SQ4, SQfp16, SQbf16 or PQm")
    }
    if case .lsh = code { throw word.refusal("LSH only finds candidates, it cannot refine them") }
    return code
  }
}
