/// How many results were as close as the true ones, of how many.
package struct Recall: Sendable, CustomStringConvertible {
  package var found = 0
  package var expected = 0

  package init(found: Int = 0, expected: Int = 0) {
    self.found = found
    self.expected = expected
  }

  package static func += (a: inout Recall, b: Recall) {
    a.found += b.found
    a.expected += b.expected
  }

  /// Throws `ModelMismatch` if it is below `share`.
  package func require(_ share: Double) throws {
    guard isAtLeast(share) else { throw ModelMismatch("the recall is \(self)") }
  }

  package func isAtLeast(_ share: Double) -> Bool { Double(found) >= share * Double(expected) }

  package var description: String { "\(found)/\(expected)" }
}
