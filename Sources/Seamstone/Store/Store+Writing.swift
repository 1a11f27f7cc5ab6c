import StorageIO

extension Store {
  /// Collects changes and commits them as one: all of them or, if anything is refused, none.
  /// Objects are checked while they are added; nothing is written before `body` returns.
  public func write(_ body: (inout WriteBatch) throws -> Void) throws {
    var batch = WriteBatch()
    try body(&batch)
    guard !batch.operations.isEmpty else { return }
    let changes = batch
    for number in changes.grown { try waitForRoom(number) }
    try core.write(byteCount: batch.byteCount) { (context) throws(StoreError) in
      try changes.apply(context)
    }
    for number in changes.touched { core.activity.didWrite(number) }
  }

  /// Waits while the tail of a collection is at its hard limit.
  func waitForRoom(_ number: UInt32) throws(StoreError) {
    let core = core
    let isManual: Bool
    if case .manual = core.options.backgroundWork { isManual = true } else { isManual = false }
    try core.backPressure.wait(
      tailRows: { core.states.current.collections[number]?.tail.rowCount ?? 0 },
      mostRows: core.hardTailRows(number),
      stop: {
        if core.isClosing { return StoreError.storeClosed }
        // Waiting for a seal that fails again and again would be waiting for ever.
        return core.writer.poisonedBy ?? core.activity.failure(of: .seal, number)
      },
      relieve: { () throws(StoreError) in isManual ? try compactor.sealNow(number) : false })
  }
}
