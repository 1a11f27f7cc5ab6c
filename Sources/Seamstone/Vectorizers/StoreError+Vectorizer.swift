import ObjectStorage
import StorageIO

extension StoreError {
  static func immutable(_ name: String, from old: String, to new: String) -> StoreError {
    StoreError(
      .invalidConfiguration, "\(name) is immutable: attempted change from \(old) to \(new)",
      remedy: "Open the collection with \(old), or make another collection")
  }

  static func needsVectorizing(_ id: ObjectID, vectorizer: String) -> StoreError {
    StoreError(
      .invalidArgument,
      "Object \(id) has no vector, and a call that blocks does not ask the vectorizer \"\(vectorizer)\"",
      remedy:
        "Use the async upsert, or Collection.vectorized(_:) before, or give the object its vector")
  }

  static func noVectorizer(_ collection: String) -> StoreError {
    StoreError(
      .notSupported, "The collection \"\(collection)\" has no vectorizer",
      remedy: "Search near a vector, or name a vectorizer when the collection is created")
  }

  static func vectorizerNotRegistered(
    _ name: String, collection: String, registered: [any Vectorizer]
  ) -> StoreError {
    StoreError(
      .notSupported,
      "The collection \"\(collection)\" needs the vectorizer \"\(name)\", which was not registered",
      remedy: registeredVectorizers(registered, near: name)
        + ". Objects with vectors and searches near a vector need none")
  }

  static func vectorizerFailed(_ name: String, _ problem: String, cause: String?) -> StoreError {
    StoreError(
      .vectorizerFailed, "The vectorizer \"\(name)\" \(problem)", cause: cause,
      remedy: "Nothing was stored or searched; look at the vectorizer and try again")
  }

  static func registeredVectorizers(_ vectorizers: [any Vectorizer], near name: String) -> String {
    let names = vectorizers.map(\.name)
    let nearest = NearestName.nearest(to: name, among: names).map { "Did you mean \"\($0)\"? " }
    let known = names.isEmpty ? "none" : names.joined(separator: ", ")
    return (nearest ?? "")
      + "Open the store with it in StoreOptions.vectorizers (registered: \(known))"
  }
}
