import ObjectStorage
import Seamstone
import SeamstoneYAML
import StorageIO
import TestSupport
import Testing

@Suite("YAML")
struct YAMLReadingTests {
  @Test("values are what PyYAML makes of them")
  func values() throws {
    let text = """
      # a comment
      flag: yes
      off: off
      whole: 12
      hexadecimal: 0x1F
      fraction: 0.5
      nothing: ~
      quoted: "8"
      date: 2024-01-01
      list: [1, two, {three: 3}]
      nested:
        deeper:
          - a
          - b: true
      """
    let expected: PropertyValue = [
      "flag": true, "off": false, "whole": 12, "hexadecimal": 31, "fraction": 0.5, "nothing": nil,
      "quoted": "8", "date": "2024-01-01", "list": [1, "two", ["three": 3]],
      "nested": ["deeper": ["a", ["b": true]]],
    ]
    // `off` is false as a key as well as a value, and its text as a key.
    #expect(try PropertyValue(yaml: text) == expected)
  }

  @Test("an alias repeats what its anchor named")
  func aliases() throws {
    #expect(try PropertyValue(yaml: "a: &x {m: 1}\nb: *x") == ["a": ["m": 1], "b": ["m": 1]])
  }

  @Test(
    "what is no YAML, or not one value, is refused with the place",
    arguments: [
      ("a: [1", "line"), ("a: 1\na: 2", "given twice"), ("1: a\n'1': b", "given twice"),
      ("", "nothing in it"),
      ("# only", "nothing in it"), ("a: 1\n---\nb: 2", "document"), ("a: *b", "undefined alias"),
      ("? [a]\n: 1", "a key must be a text"), ("a: .inf", "not finite"), ("a: .nan", "not finite"),
      ("\tb: 1", "line"), ("a: b: c", "line 1"), ("a: \u{0}", "control"),
      ("%YAML 9.9\n---\na: 1", "incompatible"),
    ])
  func refusals(_ text: String, _ reason: String) {
    let error = #expect(throws: StoreError.self) { try PropertyValue(yaml: text) }
    #expect(error?.code == .invalidConfiguration)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("\n") == false)
  }

  @Test("small texts that would become large, deep or slow are refused quickly")
  func hostile() {
    var laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    for level in 1...12 {
      let names = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
      laughs += "a\(level): &a\(level) [\(names)]\n"
    }
    let texts = [
      laughs, String(repeating: "[", count: 60_000), String(repeating: "- ", count: 30_000) + "a",
      String(repeating: "{a: ", count: 15_000),
      String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
      String(repeating: "a", count: 70_000), String(repeating: "? ", count: 30_000),
      String(repeating: "&a ", count: 20_000),
      (0..<300).map { String(repeating: " ", count: $0) + "a:" }
        .joined(separator: "\n"),
    ]
    for (number, text) in texts.enumerated() {
      #expect(throws: StoreError.self, "text \(number)") { try PropertyValue(yaml: text) }
    }
  }

  @Test("changed bytes never trap")
  func mutations() {
    let seed: UInt64 = 3
    var random = SeededGenerator(seed: seed)
    let text = Array(
      "backend: faiss\nfaiss: &f {components: \"IVF,Flat\", nprobe: 4}\nb: *f\n? x\n: - 1\n".utf8)
    let letters = Array("[]{}&*!|>'\"%@`#,?:- \n\t\u{0}a1~<.".utf8)
    for _ in 0..<400 {
      var bytes = text
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] =
          letters.randomElement(using: &random) ?? 0
      }
      _ = try? TxtaiConfiguration(yaml: String(decoding: bytes, as: UTF8.self))
    }
  }
}
