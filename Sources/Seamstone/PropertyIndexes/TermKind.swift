/// What a term of a property index says about an object; its first byte after the index's number.
enum TermKind: UInt8, CaseIterable, Sendable {
  /// The property has a value that is not null.
  case presence = 0x00
  /// The property is, or its list holds, a list or an object.
  case compound = 0x01
  /// The property is this boolean; the number after it is for an element of a list.
  case bool = 0x10
  case boolElement = 0x11
  case number = 0x20
  case numberElement = 0x21
  /// A text whose order is that of its bytes; a long one is cut.
  case text = 0x30
  case textElement = 0x31
  /// A text that may have other spellings: only the part before the first doubtful scalar is known.
  case openText = 0x32
  case openTextElement = 0x33
  /// A text, here or in a list, that is a date: the moment.
  case date = 0x40
}
