import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A secret that goes into a header and nowhere else: printing it, or what holds it, does not show it.
struct APIKey: Sendable {
  private let secret: String

  /// Reads an environment variable; white space around the key is not part of it.
  /// - Throws: `invalidConfiguration` if there is no key, or none that a header can carry.
  init(variable: String) throws(StoreError) {
    guard let value = unsafe getenv(variable) else {
      throw StoreError(
        .invalidConfiguration, "The environment variable \(variable) is not set",
        remedy:
          "Put the service's key there, or set keyVariable to nil for a service that needs none")
    }
    secret = unsafe String(cString: value).trimmed
    guard !secret.isEmpty, secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw StoreError(
        .invalidConfiguration,
        "The environment variable \(variable) holds \(secret.isEmpty ? "nothing" : "no key that a header can carry")",
        remedy: "A key has printable ASCII characters only")
    }
  }

  /// The value of the header `Authorization`.
  var authorization: String { "Bearer " + secret }

  /// The text with the key, where it occurs, replaced.
  func redacted(in text: String) -> String { text.replacing(secret, with: "(key)") }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "(key)" }
  var debugDescription: String { "(key)" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
