import JSONText
import ObjectStorage
import TestSupport
import Testing

@Suite("Reading numbers")
struct JSONNumberTests {
  private static func number(_ text: String) throws -> (double: Double, float: Float) {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      let number = try scanner.readNumber()
      try scanner.expectEnd()
      return (number.double, number.float)
    }
  }

  @Test("Numbers round as the standard library rounds them")
  func rounding() throws {
    var random = SeededGenerator(seed: 5)
    for round in 0..<4_000 {
      var text: String
      switch round % 4 {
      case 0: text = Float(bitPattern: UInt32(truncatingIfNeeded: random.next())).description
      case 1: text = Double(bitPattern: random.next()).description
      case 2: text = Double(Float.random(in: -1...1, using: &random)).description
      default:
        // Around the middle between two floats, where rounding twice goes wrong.
        let low = Float.random(in: 0.001..<1000, using: &random)
        let middle = (Double(low) + Double(low.nextUp)) / 2
        let around = [middle, middle.nextUp, middle.nextDown]
        text = around[Int(random.next() % 3)].description
      }
      if text.contains("n") { continue }  // inf, nan
      if !text.contains("e"), text.contains("."), round % 3 == 0 { text += "000000000000001" }
      let number = try Self.number(text)
      #expect(number.double == Double(text), "seed 5, round \(round): \(text)")
      #expect(number.float == Float(text), "seed 5, round \(round): \(text)")
    }
  }

  @Test(
    "Edges of the float range",
    arguments: [
      "0", "-0", "1e-45", "7e-46", "7.1e-46", "1.1754943e-38", "1.17549428e-38", "3.4028235e38",
      "3.4028235677973366e38", "3.4028236e38", "1e39", "16777217", "16777219",
      "123456789012345678901",
      "0.00000000000000000000000000000000000001", "100000000000000000000000000000000000000",
      "1.00000005960464477539062500000000000000000000000001", "1.000000059604644775390625",
      "1.000000059604644775390624999999999999999999",
    ])
  func edges(text: String) throws {
    let number = try Self.number(text)
    #expect(number.float == Float(text))
    #expect(number.double == Double(text))
    #expect(number.float.sign == Float(text)?.sign)
  }

  @Test("A number of absurd length is an error, not work")
  func length() {
    #expect(throws: JSONError.self) { try Self.number(String(repeating: "1", count: 5_000)) }
    #expect(throws: JSONError.self) { try Self.number("0." + String(repeating: "0", count: 5_000)) }
    #expect(throws: JSONError.self) { try Self.number("1e" + String(repeating: "9", count: 5_000)) }
  }
}
