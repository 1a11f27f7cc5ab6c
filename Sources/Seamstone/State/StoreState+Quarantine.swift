extension StoreState {
  /// Replaces a damaged segment's handle by nothing: its interval is scanned in LMDB from now on.
  mutating func setAside(_ handle: SegmentHandle, in number: UInt32) {
    guard
      let index = collections[number]?.segments.firstIndex(where: { $0.handle === handle }),
      let entry = collections[number]?.segments[index].entry
    else { return }
    collections[number]?.segments[index] = SegmentView(entry: entry, handle: nil, deleted: nil)
  }
}

extension StateTable {
  /// Whether the newest version still uses `handle`.
  func isCurrent(_ handle: SegmentHandle, in number: UInt32) -> Bool {
    current.collections[number]?.segments.contains { $0.handle === handle } ?? false
  }
}
