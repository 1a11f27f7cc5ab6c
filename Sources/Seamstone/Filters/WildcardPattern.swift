#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Searches in texts by their UTF-8 bytes.
enum WildcardPattern {
  /// Whether `pattern` describes the whole of `text`: `*` any characters, `?` one Unicode scalar.
  ///
  /// Goes back to the last star only, which is enough; the time is at most the product of the lengths.
  static func matches(_ text: String, _ pattern: String) -> Bool {
    unsafe withBytes(text, pattern) { text, pattern in
      var t = 0
      var p = 0
      var star: (pattern: Int, text: Int)?
      while t < text.count {
        if p < pattern.count, unsafe pattern[p] == UInt8(ascii: "*") {
          p += 1
          star = (p, t)
        } else if p < pattern.count, unsafe pattern[p] == UInt8(ascii: "?") {
          t = unsafe nextScalar(text, t)
          p += 1
        } else if p < pattern.count, unsafe pattern[p] == text[t] {
          t += 1
          p += 1
        } else if let last = star {
          t = unsafe nextScalar(text, last.text)
          star = (last.pattern, t)
          p = last.pattern
        } else {
          return false
        }
      }
      return unsafe pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
  }

  /// Whether the bytes of `part` occur in `text`.
  static func contains(_ text: String, _ part: String) -> Bool {
    unsafe withBytes(text, part) { text, part in
      guard let base = text.baseAddress, let partBase = part.baseAddress, part.count > 0 else {
        return part.isEmpty
      }
      var start = 0
      while start <= text.count - part.count {
        guard
          let found = unsafe memchr(
            base + start, Int32(part[0]), text.count - part.count - start + 1)
        else { return false }
        if unsafe memcmp(found, partBase, part.count) == 0 { return true }
        start = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
      }
      return false
    }
  }

  private static func nextScalar(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int {
    var next = position + 1
    while next < bytes.count, unsafe bytes[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }

  private static func withBytes(
    _ a: String, _ b: String,
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Bool {
    var a = a
    var b = b
    return a.withUTF8 { a in b.withUTF8 { b in unsafe body(a, b) } }
  }
}
