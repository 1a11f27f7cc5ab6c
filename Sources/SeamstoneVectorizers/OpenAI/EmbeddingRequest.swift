import JSONText

/// Writes the body of a request to `/v1/embeddings`.
enum EmbeddingRequest {
  static func body(
    texts: ArraySlice<String>, prefix: String, configuration: OpenAIVectorizer.Configuration
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.append(raw: "{\"model\":")
    writer.append(configuration.model)
    writer.append(raw: ",\"encoding_format\":")
    writer.append(configuration.encoding.rawValue)
    if let dimensions = configuration.dimensions {
      writer.append(raw: ",\"dimensions\":\(dimensions)")
    }
    writer.append(raw: ",\"input\":[")
    for (position, text) in texts.enumerated() {
      if position > 0 { writer.append(raw: ",") }
      writer.append(prefix + text)
    }
    writer.append(raw: "]}")
    return writer.bytes
  }
}
