import ObjectStorage
public import StorageIO
public import VectorMath

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

  /// A type that is an index kind of your own, by the kind's name; `vectorIndexConfig` is its settings. The store has to be
  /// opened with the kind in ``StoreOptions/indexKinds`` too.
  public init(_ kind: any CustomIndexKind, metric: Metric = .cosine) {
    let name = kind.name
    self.init(name) { settings throws(StoreError) in
      CollectionConfiguration(metric: metric, index: .custom(name, settings: settings))
    }
  }
}
