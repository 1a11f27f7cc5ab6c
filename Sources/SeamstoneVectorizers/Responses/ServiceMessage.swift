import JSONText
import Seamstone
import StorageIO

/// What a service says about a request that it does not serve.
struct ServiceMessage: Sendable {
  /// In its words, but short and on one line.
  var text: String
  /// Whether waiting does not help: the account has no credit left.
  var isFinal: Bool

  /// Reads the body of a reply: `{"error": {"message": …, "code": …}}` as OpenAI writes it, `{"error": …}`, `{"message": …}`
  /// or `{"detail": …}` as others do, or any text.
  init(_ reply: ServiceReply, key: APIKey?) {
    var text = String(decoding: reply.body, as: UTF8.self)
    var code: String?
    let value = try? unsafe reply.body.withRawBytes { (raw) throws(JSONError) in
      try unsafe PropertyValue(json: raw)
    }
    if case .object(let members) = value {
      var inner = members
      if case .object(let error) = members["error"] { inner = error }
      text =
        ["message", "error", "detail"].lazy.compactMap { inner[$0].flatMap(Self.string) }.first
        ?? text
      code = inner["code"].flatMap(Self.string) ?? inner["type"].flatMap(Self.string)
    }
    self.text = Self.short(text, without: key)
    isFinal = code == "insufficient_quota"
  }

  /// A text from outside, for messages: without the key, on one line, and at most 300 characters.
  static func short(_ text: String, without key: APIKey?) -> String {
    // The key goes first: cutting could leave a part of it that is not found any more.
    let text = key?.redacted(in: text) ?? text
    let words = text.prefix(4_096).split { character in
      character.isWhitespace
        || character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    }
    let line = words.joined(separator: " ")
    if line.isEmpty { return "no message" }
    return line.count > 300 ? line.prefix(299) + "…" : line
  }

  private static func string(_ value: PropertyValue) -> String? {
    if case .string(let text) = value { return text }
    return nil
  }
}
