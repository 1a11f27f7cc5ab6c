import StorageIO

/// The part of a text that its place in a property index follows from.
///
/// Texts compare by their Unicode scalars in canonical form (NFC), and different bytes can be the same
/// text. Where every scalar is certainly in that form already, the order of texts is that of
/// their UTF-8 bytes. From the first scalar on of which that is not certain (a combining mark, a letter
/// that is always decomposed, one newer than Unicode 15) only the bytes before it count, and before the last
/// scalar before it, with which it may combine: the text is *open*, it may go on in any way, and
/// whether it passes a comparison is decided by the object itself.
struct TextKey: Equatable {
  /// UTF-8, with 0 written as 0 255, so that a terminator that starts with 0 sorts before any
  /// continuation.
  var bytes: [UInt8]
  /// Whether the text may go on after `bytes` in a way that is not known.
  var isOpen: Bool

  /// Texts of at most this many bytes are kept whole.
  static let wholeLimit = 255
  /// Of longer ones, so many bytes at most are kept.
  static let cutLimit = 128

  init(bytes: [UInt8], isOpen: Bool) {
    self.bytes = bytes
    self.isOpen = isOpen
  }

  init(_ text: String) {
    bytes = []
    bytes.reserveCapacity(text.utf8.count)
    isOpen = false
    var lastStart = 0
    for scalar in text.unicodeScalars {
      guard TextKey.isCertain(scalar) else {
        isOpen = true
        bytes.removeLast(bytes.count - lastStart)
        return
      }
      lastStart = bytes.count
      if scalar.value == 0 {
        bytes.append(0)
        bytes.append(255)
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar).unsafelyUnwrappedOrEmpty)
      }
    }
  }

  /// The longest beginning of at most `cutLimit` bytes that ends with a scalar.
  var cut: [UInt8] {
    var end = min(bytes.count, TextKey.cutLimit)
    // Not inside a scalar, nor between 0 and 255.
    while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 || bytes[end] == 255 { end -= 1 }
    return Array(bytes[..<end])
  }

  /// Whether this scalar is a starter that stays what it is under NFC whatever comes before it. The
  /// properties asked for never change for an assigned scalar (Unicode's stability policy).
  private static func isCertain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // No combining mark below 0x300; the ideographs and syllables.
    case 0..<0x300, 0x4E00...0x9FFF, 0xAC00...0xD7A3: return true
    // Vowels and final consonants of Hangul combine with what is before them.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return false
    default: break
    }
    let properties = scalar.properties
    guard let age = properties.age, age.major <= 15,
      properties.canonicalCombiningClass == .notReordered, !properties.isFullCompositionExclusion
    else { return false }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return false
    default: return true
    }
  }
}

extension TextKey {
  /// Negative, zero or positive as the first text comes before, with or after the second; nil where what
  /// is known of them does not say.
  static func order(
    _ a: UnsafeRawBufferPointer, isOpen aIsOpen: Bool, _ b: TextKey
  ) -> Int? {
    let shared = min(a.count, b.bytes.count)
    for index in 0..<shared where unsafe a[index] != b.bytes[index] {
      return unsafe a[index] < b.bytes[index] ? -1 : 1
    }
    if a.count == b.bytes.count { return aIsOpen || b.isOpen ? nil : 0 }
    if a.count < b.bytes.count { return aIsOpen ? nil : -1 }
    return b.isOpen ? nil : 1
  }
}

extension Optional where Wrapped == UTF8.EncodedScalar {
  /// The bytes of a scalar; every scalar has some.
  fileprivate var unsafelyUnwrappedOrEmpty: UTF8.EncodedScalar { self ?? UTF8.EncodedScalar() }
}
