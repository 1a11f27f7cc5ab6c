import StorageIO

extension StoreOptions {
  /// The vectorizer of that name.
  func vectorizer(named name: String) -> (any Vectorizer)? {
    vectorizers.first { $0.name == name }
  }

  /// What is wrong with the vectorizers, as sentences.
  var vectorizerProblems: [String] {
    var problems: [String] = []
    var names: Set<String> = []
    for vectorizer in vectorizers {
      let name = vectorizer.name
      if name.isEmpty || name == VectorizerName.none {
        problems.append("a vectorizer has the name \"\(name)\"")
      } else if !names.insert(name).inserted {
        problems.append("two vectorizers have the name \"\(name)\"")
      }
      if let dimensions = vectorizer.dimensions,
        !ConfigurationLimits.dimensions.contains(dimensions)
      {
        let range = ConfigurationLimits.text(ConfigurationLimits.dimensions)
        problems.append(
          "the vectorizer \"\(name)\" makes vectors of \(dimensions) dimensions; it must be \(range)"
        )
      }
    }
    return problems
  }

  /// Refuses a new collection whose vectorizer does not exist, or makes vectors of another length: neither could
  /// be changed later.
  func requireVectorizer(of configuration: CollectionConfiguration) throws(StoreError) {
    guard let name = configuration.vectorizer else { return }
    guard let vectorizer = vectorizer(named: name) else {
      throw StoreError(
        .invalidConfiguration, "There is no vectorizer \"\(name)\"",
        remedy: StoreError.registeredVectorizers(vectorizers, near: name))
    }
    guard let wanted = configuration.dimensions, let made = vectorizer.dimensions, wanted != made
    else { return }
    throw StoreError(
      .invalidConfiguration,
      "The configuration has \(wanted) dimensions, the vectors of \"\(name)\" have \(made)",
      remedy: "Leave the dimensions out, or make them equal")
  }
}
