import ObjectStorage

extension TermEncoder {
  /// Every term of an object, ascending, each once.
  func terms(
    of properties: [String: PropertyValue], id: ObjectID, at path: PropertyPath
  ) -> [[UInt8]] {
    var terms: [[UInt8]] = []
    _ = path.hasValue(in: properties, id: id) { value in
      if value != .null { terms.append(start(.presence)) }
      if case .array(let elements) = value {
        terms.append(start(.compound))
        for element in elements { add(element, isElement: true, to: &terms) }
      } else {
        add(value, isElement: false, to: &terms)
      }
      return false  // there may be more
    }
    guard terms.count > 1 else { return terms }
    terms.sort { $0.lexicographicallyPrecedes($1) }
    var distinct: [[UInt8]] = []
    distinct.reserveCapacity(terms.count)
    for term in terms where term != distinct.last { distinct.append(term) }
    return distinct
  }

  private func add(_ value: PropertyValue, isElement: Bool, to terms: inout [[UInt8]]) {
    switch value {
    case .array, .object: terms.append(start(.compound))
    case .string(let text):
      terms.append(term(TextKey(text), isElement: isElement))
      if let moment = Timestamp(text) { terms.append(term(moment)) }
    default:
      if let term = term(value, isElement: isElement) { terms.append(term) }
    }
  }
}
