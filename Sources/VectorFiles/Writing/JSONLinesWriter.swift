import JSONText
package import ObjectStorage

/// Writes one JSON object on each line, as ``VectorFileReader`` reads them:
/// `{"id":…,"vector":[…],"properties":{…}}`.
package final class JSONLinesWriter {
  /// How many rows were appended.
  package private(set) var rowCount = 0
  private let file: OutputFile

  /// Creates a file.
  package init(path: String) throws(VectorFileError) { file = try OutputFile(path: path) }

  /// Appends one object; an absent vector and empty properties are left out.
  package func append(
    id: ObjectID, vector: (some Collection<Float>)?, properties: [String: PropertyValue]
  ) throws(VectorFileError) {
    var writer = JSONWriter()
    writer.append(raw: "{\"id\":")
    writer.append(id)
    if let vector {
      if let column = Array(vector).firstIndex(where: { !$0.isFinite }) {
        throw VectorFileError(
          file: file.path, row: rowCount, column: column, reason: "the component is not finite")
      }
      writer.append(raw: ",\"vector\":")
      writer.append(vector)
    }
    if !properties.isEmpty {
      writer.append(raw: ",\"properties\":")
      writer.append(properties)
    }
    writer.append(raw: "}\n")
    try file.append(writer.bytes)
    rowCount += 1
  }

  /// Appends one object whose vector is packed bits: an array of bytes.
  package func append(
    id: ObjectID, bytes: [UInt8], properties: [String: PropertyValue]
  ) throws(VectorFileError) {
    try append(id: id, vector: bytes.map { Float($0) }, properties: properties)
  }

  /// Completes the file.
  package func finish() throws(VectorFileError) { try file.finish() }
}
