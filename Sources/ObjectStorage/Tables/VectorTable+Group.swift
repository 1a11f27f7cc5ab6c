/// Finding a group of originals at once; see `PageTree`.
extension VectorTable {
  /// Fills `transaction.places` for the originals whose leaf holds all their parts, or whose
  /// next leaf holds the rest, and leaves the first place of the others empty.
  func locateGroup(
    _ docIDs: Slice<UnsafeBufferPointer<UInt64>>, _ tree: PageTree, _ transaction: Transaction
  ) {
    let slots = transaction.slots
    let ids = UnsafeBufferPointer(rebasing: docIDs)
    for index in 0..<ids.count { slots[index] = PageTree.Slot(page: tree.root, next: nil) }
    for level in 1..<max(1, tree.depth) {
      for index in 0..<ids.count {
        guard let page = slots[index]?.page else { continue }
        let slot =
          ids[index] <= VectorTable.maximumDocID
          ? tree.child(of: page, for: ids[index] << 8) : nil
        slots[index] = slot
        guard let slot else { continue }
        tree.fetch(slot.page)
        if level == tree.depth - 1, layout.partCount > 1, let next = slot.next { tree.fetch(next) }
      }
    }
    for index in 0..<ids.count {
      guard let slot = slots[index] else { continue }
      tree.fetchKeys(of: slot.page)
      if layout.partCount > 1, let next = slot.next { tree.fetchKeys(of: next) }
    }
    for index in 0..<ids.count {
      let place = index &* layout.partCount
      if let slot = slots[index], locateParts(ids[index], slot, tree, transaction, place: place) {
        continue
      }
      transaction.places[place] = UnsafeRawBufferPointer(start: nil, count: 0)
    }
  }

  /// Finds the parts of one original from its leaf on; false if they are not where expected.
  @inline(__always)
  private func locateParts(
    _ docID: UInt64, _ slot: PageTree.Slot, _ tree: PageTree, _ transaction: Transaction,
    place: Int
  ) -> Bool {
    guard docID <= VectorTable.maximumDocID, var count = tree.entryCount(slot.page, flag: 2),
      var entry = tree.entry(of: docID << 8, in: slot.page, count: count)
    else { return false }
    var leaf = slot.page
    for part in 0..<layout.partCount {
      if entry == count {
        guard leaf == slot.page, let next = slot.next,
          let nextCount = tree.entryCount(next, flag: 2)
        else { return false }
        (leaf, count, entry) = (next, nextCount, 0)
      }
      guard
        let value = tree.value(
          entry, of: leaf, key: docID << 8 | UInt64(part),
          size: layout.size(ofPart: part) &+ Table.checksumSize)
      else { return false }
      transaction.places[place &+ part] = value
      if let start = value.baseAddress { fetch(start, value.count) }
      entry &+= 1
    }
    return true
  }
}
