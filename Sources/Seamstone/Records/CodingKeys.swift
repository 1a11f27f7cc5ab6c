/// The place of an element in a list, as a coding key.
struct IndexKey: CodingKey {
  let index: Int
  var stringValue: String { String(index) }
  var intValue: Int? { index }

  init(index: Int) { self.index = index }
  init?(intValue: Int) { index = intValue }
  init?(stringValue: String) { nil }
}

/// The name under which a class encodes what it inherits.
struct SuperKey: CodingKey {
  static let name = "super"
  var stringValue: String { SuperKey.name }
  var intValue: Int? { nil }

  init() {}
  init?(intValue: Int) { nil }
  init?(stringValue: String) { nil }
}
