import ObjectStorage
import TestSupport
import Testing

@testable import Seamstone

@Suite("Terms of property indexes")
struct TermTests {
  private func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.lexicographicallyPrecedes(b) }

  @Test("Numbers sort by their exact values, whatever their case")
  func numbers() throws {
    var random = SeededGenerator(seed: 3)
    var values = ValueMaker.numbers
    for _ in 0..<200 {
      let bits = random.next() >> UInt64.random(in: 0..<63, using: &random)
      let whole = Int64(bitPattern: bits)
      values += [
        .int(whole), .int(-1 - whole), .double(Double(whole)),
        .double(.random(in: -9...9, using: &random)),
      ]
    }
    for a in values {
      for b in values {
        guard let order = a.order(relativeTo: b) else { continue }
        let left = try #require(TermEncoder.numberKey(a))
        let right = try #require(TermEncoder.numberKey(b))
        #expect(
          precedes(left, right) == (order < 0) && (left == right) == (order == 0), "\(a) \(b)")
      }
    }
    #expect(TermEncoder.numberKey(.double(.nan)) == nil)
  }

  @Test("What is said of the order of two texts is true")
  func texts() {
    var random = SeededGenerator(seed: 4)
    let scalars: [Unicode.Scalar] = [
      "a", "b", "\u{0}", "\u{1}", "e", "\u{301}", "\u{323}", "é", "か", "\u{3099}", "が", "\u{1100}",
      "\u{1161}", "\u{11A8}", "가", "\u{F900}", "豈", "ü", "\u{FF}", "🧵", "\u{10FFFF}", "\u{0344}",
      "\u{212B}",
    ]
    var known = 0
    for _ in 0..<20_000 {
      func make() -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...5, using: &random) {
          text.append(scalars[Int.random(in: 0..<scalars.count, using: &random)])
        }
        return String(text)
      }
      let (a, b) = (make(), make())
      let key = TextKey(a)
      let said = key.bytes.withUnsafeBytes { TextKey.order($0, isOpen: key.isOpen, TextKey(b)) }
      guard let said else { continue }
      known += 1
      let order = a == b ? 0 : a < b ? -1 : 1
      #expect(said == order, "\(a.unicodeScalars.map(\.value)) \(b.unicodeScalars.map(\.value))")
    }
    #expect(known > 5_000)
  }

  @Test("Letters of many scripts are kept whole")
  func wholeTexts() {
    for text in ["Grüße aus Zürich", "日本語の本", "Ελληνικά", "Привет, мир", "가나다", "שלום", "🧵"] {
      #expect(!TextKey(text).isOpen, "\(text)")
    }
    for text in ["e\u{301}", "か\u{3099}", "\u{1100}\u{1161}", "\u{F900}", "\u{2126}"] {
      #expect(TextKey("x" + text).isOpen && TextKey("x" + text).bytes.count <= 1, "\(text)")
    }
  }

  @Test("No scalar that is always written otherwise is taken for certain")
  func certainScalars() {
    // A certain scalar is equal to no other text of one scalar, and combines with nothing before it.
    for value in UInt32(0x80)...0x2FFFF {
      guard let scalar = Unicode.Scalar(value), !TextKey("a" + String(scalar)).isOpen else {
        continue
      }
      let text = String(scalar)
      // In canonical form the text's first scalar is compared, so its order tells what that is.
      #expect(text >= String(scalar) && !scalar.properties.isFullCompositionExclusion)
      #expect(scalar.properties.canonicalCombiningClass == .notReordered)
    }
  }

  @Test("No term is longer than a key may be")
  func lengths() {
    let encoder = TermEncoder(index: 1)
    for text in ValueMaker.texts + [String(repeating: "\u{0}", count: 5_000)] {
      for isElement in [false, true] {
        let term = encoder.term(.string(text), isElement: isElement) ?? []
        #expect(term.count <= PostingTable.maximumTermBytes && term.count >= 7)
      }
    }
  }
}
