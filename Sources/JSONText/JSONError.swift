/// Why a text is not the JSON that was expected, and where.
package struct JSONError: Error, Sendable, Hashable {
  /// The byte offset from the start of the text.
  package var offset: Int
  /// What is wrong there.
  package var reason: String
  /// Whether the text says a number that is not finite, as `NaN` or `1e999`, and not something else
  /// than a number.
  package var isNotFinite: Bool

  /// Creates an error.
  package init(offset: Int, reason: String, isNotFinite: Bool = false) {
    self.offset = offset
    self.reason = reason
    self.isNotFinite = isNotFinite
  }
}

extension JSONError: CustomStringConvertible {
  /// `reason at byte n`, counting bytes from one.
  package var description: String { "\(reason) at byte \(offset + 1)" }
}
