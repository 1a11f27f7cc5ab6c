import Seamstone
import StorageIO

#if Vectorizers
  import SeamstoneVectorizers
#endif
#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The vectorizers that the tool can register: with the package trait `Vectorizers` one that asks a service with
/// OpenAI's interface, as the environment says; none without.
enum ToolVectorizers {
  /// The name of the one there is.
  static let service = "text2vec-openai"
  /// The variable that names its model; without it there is no vectorizer.
  static let modelVariable = "SEAMSTONE_EMBEDDING_MODEL"
  /// The variable with the address of the service; OpenAI's if it is not set.
  static let addressVariable = "SEAMSTONE_EMBEDDING_URL"
  /// The variable with the length of vectors to ask for; the model decides if it is not set.
  static let dimensionsVariable = "SEAMSTONE_EMBEDDING_DIMENSIONS"

  /// What the environment asks for.
  static func registered() throws(StoreError) -> [any Vectorizer] {
    #if Vectorizers
      guard let model = variable(modelVariable) else { return [] }
      var configuration = OpenAIVectorizer.Configuration(model: model)
      if let address = variable(addressVariable) {
        configuration.baseURL = address
        // A server of one's own rarely has keys.
        if let name = configuration.keyVariable, variable(name) == nil {
          configuration.keyVariable = nil
        }
      }
      if let text = variable(dimensionsVariable) {
        guard let dimensions = Int(text) else {
          throw StoreError(
            .invalidConfiguration, "\(dimensionsVariable) is \"\(text)\"",
            remedy: "Give a whole number")
        }
        configuration.dimensions = dimensions
      }
      return [try OpenAIVectorizer(configuration, name: service)]
    #else
      return []
    #endif
  }

  /// Refuses a vectorizer that the tool does not have, and says how it can be had.
  static func require(_ name: String?) throws {
    guard let name, name != "none", try !registered().contains(where: { $0.name == name }) else {
      return
    }
    #if Vectorizers
      let own =
        "Set \(modelVariable) (and \(addressVariable), \(dimensionsVariable)) for \(service)"
    #else
      let own =
        "This build has none; one made by `swift build --traits Vectorizers` has \(service)"
    #endif
    throw ToolError(
      .badConfiguration, "The tool has no vectorizer \"\(name)\"",
      remedy: "\(own). Others are registered in Swift, with StoreOptions.vectorizers")
  }

  /// The vector that the collection's vectorizer makes of a text to search for.
  static func queryVector(
    for text: String, in collection: Collection
  ) throws(StoreError) -> [Float] {
    try AsyncWait.run { try await collection.queryVector(for: text) }
  }

  private static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
