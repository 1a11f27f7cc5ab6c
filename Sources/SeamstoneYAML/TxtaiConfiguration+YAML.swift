import ObjectStorage
public import Seamstone
public import StorageIO

extension TxtaiConfiguration {
  /// Reads a configuration from YAML.
  /// - Throws: `invalidConfiguration` with everything that is wrong.
  public init(yaml: String, backends: [TxtaiBackendType] = []) throws(StoreError) {
    guard case .object(let members) = try PropertyValue(yaml: yaml) else {
      throw StoreError(
        .invalidConfiguration, "A txtai configuration must be keys with values, as backend: faiss")
    }
    try self.init(members, backends: backends)
  }
}
