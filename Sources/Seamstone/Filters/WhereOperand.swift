import ObjectStorage

/// The value of a `where` condition, by the key that it stands under.
enum WhereOperand {
  /// One value, or a list of them.
  case values([PropertyValue], isList: Bool)
  /// One moment, or a list of them.
  case dates([Timestamp], isList: Bool)

  /// The value, where it is one that is neither a list nor a date.
  var single: PropertyValue? {
    if case .values(let values, isList: false) = self { return values.first }
    return nil
  }

  /// Why a value does not fit its key.
  struct Mismatch: Error {
    var text: String
  }

  /// Reads the value under a known key. Under `value`, a list is a list of operands for an operator
  /// that takes one, and a value itself for the others.
  init(name: String, value: PropertyValue, takesList: Bool) throws(Mismatch) {
    if name == "value" {
      if takesList, case .array(let elements) = value {
        self = .values(elements, isList: true)
      } else {
        self = .values([value], isList: false)
      }
      return
    }
    let type = name.hasSuffix("Array") ? String(name.dropLast(5)) : name
    let elements: [PropertyValue]
    let isList: Bool
    if case .array(let list) = value {
      (elements, isList) = (list, true)
    } else if type == name {
      (elements, isList) = ([value], false)
    } else {
      throw Mismatch(text: "\"\(name)\" must be a list")
    }
    if type == "valueDate" {
      var moments: [Timestamp] = []
      for element in elements {
        guard case .string(let text) = element, let moment = Timestamp(text) else {
          throw Mismatch(
            text: "\"\(name)\" must be a date such as \"2024-05-01T12:30:00Z\" (RFC 3339)")
        }
        moments.append(moment)
      }
      self = .dates(moments, isList: isList)
      return
    }
    var values: [PropertyValue] = []
    for element in elements {
      switch (type, element) {
      case ("valueText", .string), ("valueString", .string), ("valueInt", .int),
        ("valueNumber", .double), ("valueBoolean", .bool):
        values.append(element)
      case ("valueNumber", .int(let number)): values.append(WhereOperand.number(number))
      default:
        throw Mismatch(
          text: "\"\(name)\" must be \(WhereOperand.expected[type] ?? "another value")")
      }
    }
    self = .values(values, isList: isList)
  }

  /// A whole number under `valueNumber` is a double, unless that would change it.
  private static func number(_ whole: Int64) -> PropertyValue {
    let double = Double(whole)
    return Int64(exactly: double) == whole ? .double(double) : .int(whole)
  }

  private static let expected = [
    "valueText": "a text", "valueString": "a text", "valueInt": "a whole number of 64 bits",
    "valueNumber": "a number", "valueBoolean": "true or false",
  ]
}
