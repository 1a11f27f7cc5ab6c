import JSONText
import TestSupport
import Testing

@testable import SeamstoneVectorizers

@Suite("The answers of embedding services")
struct EmbeddingResponseTests {
  private func read(
    _ json: String, count: Int, dimensions: Int? = nil
  ) throws(JSONError) -> [[Float]] {
    try EmbeddingResponse.vectors(in: Array(json.utf8), count: count, dimensions: dimensions)
  }

  @Test("Vectors are put in the order of their indexes")
  func order() throws {
    let json = """
      {"object": "list", "data": [
        {"object": "embedding", "index": 1, "embedding": [0.5, -2e-3]},
        {"embedding": "AACAPwAAAMA=", "index": 0, "extra": {"a": [1, null]}}
      ], "model": "m", "usage": {"prompt_tokens": 8, "total_tokens": 8}}
      """
    #expect(try read(json, count: 2) == [[1, -2], [0.5, -0.002]])
    #expect(try read(json, count: 2, dimensions: 2) == [[1, -2], [0.5, -0.002]])
  }

  @Test(
    "Anything else than what was asked for is an error that says what",
    arguments: [
      (#"{"data":[{"index":0,"embedding":[1]}]}"#, "1 embeddings came, 2 were asked for"),
      (
        #"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1]},{"index":2,"embedding":[1]}]}"#,
        "the index 2, of 2"
      ),
      (#"{"data":[{"index":-1,"embedding":[1]}]}"#, "the index -1"),
      (
        #"{"data":[{"index":1,"embedding":[1]},{"index":1,"embedding":[1]}]}"#,
        "two embeddings have the index 1"
      ),
      (#"{"data":[{"embedding":[1]}]}"#, "without \"index\""),
      (#"{"data":[{"index":0.5,"embedding":[1]}]}"#, "not a whole number"),
      (#"{"data":[{"index":0}]}"#, "missing or empty"),
      (#"{"data":[{"index":0,"embedding":[]}]}"#, "missing or empty"),
      (
        #"{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]}"#,
        "1 dimensions, not 2"
      ),
      (#"{"data":[{"index":0,"embedding":[1e39]}]}"#, "not a finite float"),
      (#"{"data":[{"index":0,"embedding":[NaN]}]}"#, "NaN is not a finite number"),
      (#"{"data":[{"index":0,"embedding":"AACAP"}]}"#, "not base64"),
      (#"{"data":[{"index":0,"embedding":"AADAfw=="}]}"#, "not a finite float"),
      (#"{"data":[{"index":0,"embedding":null}]}"#, "expected '['"),
      (#"{"data":{}}"#, "expected '['"), (#"{"object":"list"}"#, "no \"data\""),
      (#"{"data":[]}"#, "0 embeddings came"), ("[]", "expected '{'"), ("", "the text ends"),
      ("<html>", "expected '{'"), (#"{"data":[{"index":0,"embedding":[1"#, "the text ends"),
      (#"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1]}]} x"#, "end of the text"),
    ])
  func refused(json: String, reason: String) {
    let error = #expect(throws: JSONError.self) { try read(json, count: 2) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("A length that was asked for must come")
  func dimensions() {
    let error = #expect(throws: JSONError.self) {
      try read(#"{"data":[{"index":0,"embedding":[1,2]}]}"#, count: 1, dimensions: 3)
    }
    #expect(error?.reason == "embedding 0 has 2 dimensions, not 3")
  }

  @Test("Base64 reads the floats that were written, and nothing else")
  func base64() {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var random = SeededGenerator(seed: 3)
    for count in 0..<20 {
      let floats = (0..<count).map { _ in random.gaussian() }
      let bytes = floats.flatMap { float in
        (0..<4).map { UInt8(float.bitPattern >> ($0 * 8) & 0xFF) }
      }
      // Written bit by bit: slow, and nothing like the reader.
      let bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
      var text: [UInt8] = []
      for start in stride(from: 0, to: bits.count, by: 6) {
        let value = (0..<6).reduce(0) {
          $0 * 2 + Int(start + $1 < bits.count ? bits[start + $1] : 0)
        }
        text.append(alphabet[value])
      }
      while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
      let encoded = String(decoding: text, as: UTF8.self)
      #expect(Base64.floats(in: encoded) == floats, "\(encoded)")
    }
    for text in [
      "A", "AAAA", "AAA=", "AACAPw", "AACAPw=", "AACAPw===", "AACA-w==", "AACAPx==", "====",
    ] {
      #expect(Base64.floats(in: text) == nil, "\(text)")
    }
  }

  @Test("Damaged answers never trap")
  func damaged() {
    let json = Array(
      #"{"data":[{"index":1,"embedding":[0.5,-2e-3]},{"embedding":"AACAPwAAAMA=","index":0}]}"#.utf8
    )
    var random = SeededGenerator(seed: 4)
    for _ in 0..<5_000 {
      var bytes = json
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
          in: .min ... .max, using: &random)
      }
      bytes.removeLast(Int.random(in: 0...bytes.count / 4, using: &random))
      let vectors = try? EmbeddingResponse.vectors(in: bytes, count: 2, dimensions: nil)
      #expect(vectors?.count ?? 2 == 2)
    }
  }
}
