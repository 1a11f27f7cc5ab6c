import Seamstone

/// Says where an index became another than was asked for.
enum IndexNotes {
  /// Warns of the segments of a collection that events tell so of, if they are there still.
  static func show(_ store: Store, _ collection: Collection) throws {
    let kinds: Set<StoreEvent.Kind> = [.publishedFlat, .publishedUncompressed]
    let segments = Set(try collection.statistics().segments.map(\.id))
    for event in store.recentEvents where kinds.contains(event.kind) {
      guard event.collection == collection.name, let number = event.segment,
        segments.contains(number)
      else { continue }
      Console.warning("Segment \(number): \(event.message)")
    }
  }
}
