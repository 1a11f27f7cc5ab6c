import JSONText
import Seamstone

/// A JSON document whose members keep the order in which they were written down.
indirect enum JSONDocument: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case float(Float)
  case string(String)
  case id(ObjectID)
  case vector([Float])
  case value(PropertyValue)
  case properties([String: PropertyValue])
  case array([JSONDocument])
  case object([(String, JSONDocument)])

  /// `value`, or null.
  static func optional<Value>(
    _ value: Value?, _ make: (Value) -> JSONDocument
  ) -> JSONDocument { value.map(make) ?? .null }

  /// Writes the document as one line on standard output.
  func show() {
    var writer = JSONWriter()
    append(to: &writer)
    writer.append(raw: "\n")
    StandardOutput.write(writer.bytes)
  }

  /// The document as text.
  var text: String {
    var writer = JSONWriter()
    append(to: &writer)
    return writer.text
  }

  private func append(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.append(raw: "null")
    case .bool(let flag): writer.append(raw: flag ? "true" : "false")
    case .int(let number): writer.append(Int64(number))
    case .double(let number): writer.append(number)
    case .float(let number): writer.append(number)
    case .string(let text): writer.append(text)
    case .id(let id): writer.append(id)
    case .vector(let components): writer.append(components)
    case .value(let value): writer.append(value)
    case .properties(let members): writer.append(members)
    case .array(let elements):
      writer.append(raw: "[")
      for (index, element) in elements.enumerated() {
        if index > 0 { writer.append(raw: ",") }
        element.append(to: &writer)
      }
      writer.append(raw: "]")
    case .object(let members):
      writer.append(raw: "{")
      for (index, (name, value)) in members.enumerated() {
        if index > 0 { writer.append(raw: ",") }
        writer.append(name)
        writer.append(raw: ":")
        value.append(to: &writer)
      }
      writer.append(raw: "}")
    }
  }
}
