extension StoreState {
  /// This version without the handles of damaged segments: their intervals are scanned in LMDB.
  func settingAside(_ damaged: Set<ManifestEntry>) -> StoreState {
    if damaged.isEmpty { return self }
    var state = self
    for (number, collection) in collections {
      for (index, view) in collection.segments.enumerated()
      where view.handle != nil && damaged.contains(view.entry) {
        state.collections[number]?.segments[index] = SegmentView(
          entry: view.entry, handle: nil, deleted: nil)
      }
    }
    return state
  }
}

extension StateTable {
  /// Whether the newest version still uses `handle`.
  func isCurrent(_ handle: SegmentHandle, in number: UInt32) -> Bool {
    current.collections[number]?.segments.contains { $0.handle === handle } ?? false
  }
}
