import StorageIO
import VectorIndexes

extension StoreOptions {
  /// The registered kinds as segments take them.
  var engines: CustomEngines { CustomEngines(indexKinds.map { RegisteredKind(kind: $0) }) }

  /// The kind of that name.
  func indexKind(named name: String) -> (any CustomIndexKind)? {
    indexKinds.first { $0.name == name }
  }

  /// What is wrong with the kinds, as sentences.
  var indexKindProblems: [String] {
    var names: Set<String> = []
    return indexKinds.flatMap { kind in
      var problems = CustomIndexConfiguration(name: kind.name).problems
      if !names.insert(kind.name).inserted {
        problems.append("two index kinds have the name \"\(kind.name)\"")
      }
      return problems
    }
  }

  /// Whether indexes of a configuration's kind can be built and searched.
  func canIndex(_ index: IndexConfiguration) -> Bool {
    guard case .custom(let wanted) = index else { return true }
    return indexKind(named: wanted.name) != nil
  }

  /// Refuses a configuration whose kind is not registered, or does not want it.
  func requireIndexKind(of configuration: CollectionConfiguration) throws(StoreError) {
    guard case .custom(let wanted) = configuration.index else { return }
    guard let kind = indexKind(named: wanted.name) else {
      let names = indexKinds.map(\.name) + IndexConfiguration.names
      throw StoreError(
        .invalidConfiguration, "The index kind \"\(wanted.name)\" is not registered",
        remedy: "Open the store with it in StoreOptions.indexKinds. "
          + NearestName.remedy(for: wanted.name, among: names))
    }
    let problems = kind.problems(
      metric: configuration.metric, dimensions: configuration.dimensions,
      settings: wanted.settings)
    guard !problems.isEmpty else { return }
    throw StoreError(
      .invalidConfiguration,
      "The index kind \"\(wanted.name)\" does not take this: " + problems.joined(separator: "; "))
  }
}
