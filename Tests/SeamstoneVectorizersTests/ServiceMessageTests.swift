import Seamstone
import Testing

@testable import SeamstoneVectorizers

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite("What services say, and the key that nobody sees")
struct ServiceMessageTests {
  private func key(_ value: String, variable: String) throws -> APIKey {
    setenv(variable, value, 1)
    defer { unsetenv(variable) }
    return try APIKey(variable: variable)
  }

  private func message(_ body: String, key: APIKey? = nil) -> ServiceMessage {
    ServiceMessage(ServiceReply(status: 400, body: Array(body.utf8)), key: key)
  }

  @Test(
    "The message is found in the forms that services use",
    arguments: [
      (#"{"error":{"message":"No such model","type":"x","code":null}}"#, "No such model"),
      (#"{"error":"no such model"}"#, "no such model"),
      (#"{"object":"error","message":"too long"}"#, "too long"),
      (#"{"detail":"Not Found"}"#, "Not Found"),
      ("<h1>Bad\n\u{7}  Gateway</h1>", "<h1>Bad Gateway</h1>"),
      ("", "no message"), (#"{"error":{"code":5}}"#, #"{"error":{"code":5}}"#),
    ])
  func forms(body: String, text: String) {
    #expect(message(body).text == text)
  }

  @Test("Long messages are cut, and no quota left is final")
  func details() {
    #expect(message(String(repeating: "é", count: 5_000)).text.count == 300)
    #expect(message(#"{"error":{"message":"m","code":"insufficient_quota"}}"#).isFinal)
    #expect(message(#"{"error":{"message":"m","type":"insufficient_quota"}}"#).isFinal)
    #expect(!message(#"{"error":{"message":"m","code":"rate_limit_exceeded"}}"#).isFinal)
    #expect(message("\u{FFFD}").text == "\u{FFFD}")
  }

  @Test("The key is in no text, even where the service repeats it")
  func redacted() throws {
    let secret = "sk-" + String(repeating: "s3cret", count: 40)
    let key = try key(" \(secret)\n", variable: "SEAMSTONE_TEST_KEY_A")
    #expect(key.authorization == "Bearer \(secret)")
    let said = message(#"{"error":{"message":"Wrong key: \#(secret)."}}"#, key: key)
    #expect(said.text == "Wrong key: (key).")
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped, String(describing: [key])] {
      #expect(!text.contains("s3cret"))
    }
  }

  @Test("A key that is missing or cannot be sent is refused without being shown")
  func unusable() {
    unsetenv("SEAMSTONE_TEST_KEY_B")
    let missing = #expect(throws: StoreError.self) { try APIKey(variable: "SEAMSTONE_TEST_KEY_B") }
    #expect(missing?.code == .invalidConfiguration)
    #expect(missing?.message == "The environment variable SEAMSTONE_TEST_KEY_B is not set")
    for value in ["", " \n", "hush\r\nX-Evil: 1", "hüsh", "hu sh"] {
      let error = #expect(throws: StoreError.self) {
        try key(value, variable: "SEAMSTONE_TEST_KEY_C")
      }
      #expect(error?.code == .invalidConfiguration)
      #expect(error?.description.contains("hush") == false)
    }
  }
}
