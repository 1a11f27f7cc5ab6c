import ObjectStorage
public import StorageIO

/// A `backend` of your own: a fully qualified name that configurations may use, and what it stands for.
public struct TxtaiBackendType: Sendable {
  /// The name in configurations, with a dot in it: `search.MyIndex`.
  public let name: String
  /// Makes a configuration of the object of that name; throws what is wrong with it.
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

  /// A backend that is an index kind of your own, by the kind's name; the object of that name is its settings. The store
  /// has to be opened with the kind in ``StoreOptions/indexKinds``.
  public init(_ kind: any CustomIndexKind) {
    let name = kind.name
    self.init(name) { settings throws(StoreError) in
      CollectionConfiguration(metric: .dot, index: .custom(name, settings: settings))
    }
  }
}
