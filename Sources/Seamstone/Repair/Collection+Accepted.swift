import StorageIO

extension Collection {
  /// Writes objects as every write does, past the checks of what callers give: they were accepted once.
  func writeAccepted(_ objects: [VectorObject]) throws(StoreError) {
    if objects.isEmpty { return }
    var prepared: [PreparedObject] = []
    for object in objects { prepared.append(try PreparedObject(object)) }
    let (number, group) = (number, prepared)
    try store.waitForRoom(number)
    try core.write(byteCount: prepared.reduce(0) { $0 + $1.byteCount }) {
      (context) throws(StoreError) in
      try context.upsert(group, into: number)
    }
  }
}
