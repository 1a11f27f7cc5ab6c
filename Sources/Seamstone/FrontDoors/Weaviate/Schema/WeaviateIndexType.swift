import ObjectStorage
public import StorageIO

/// A `vectorIndexType` of your own: a name that classes may use, and what it stands for.
///
/// Register it with ``StoreOptions/weaviateIndexTypes``. The settings are kept with the class and given back
/// as they are; what they mean is decided when a class is created or changed.
public struct WeaviateIndexType: Sendable {
  /// The name in classes; not that of a built-in type.
  public let name: String
  /// Makes a configuration of a class's `vectorIndexConfig`; throws what is wrong with it.
  public let configuration:
    @Sendable ([String: PropertyValue]) throws(StoreError) -> CollectionConfiguration

  /// Creates a type.
  public init(
    _ name: String,
    configuration:
      @escaping @Sendable ([String: PropertyValue]) throws(StoreError) -> CollectionConfiguration
  ) {
    self.name = name
    self.configuration = configuration
  }
}
