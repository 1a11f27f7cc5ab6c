import Seamstone

/// Kills a process that writes, several times, and looks at what is left.
struct DemoCrash {
  /// The store, which nobody has open.
  let path: String

  private static let rounds = 3

  func run() throws {
    Demo.heading("Kill a process in the middle of writes, three times")
    let store = try StoreAccess.openForWriting(path, background: false)
    _ = try store.createCollection(
      DemoJournal.collection, CollectionConfiguration(dimensions: DemoJournal.dimensions))
    store.close()
    for round in 0..<Self.rounds { try kill(round) }
  }

  private func kill(_ round: Int) throws {
    let child = try ChildProcess(arguments: ["demo-writer", path, "--round", "\(round)"])
    var printed: [UInt8] = []
    let start = Clock.now()
    // Rounds of different lengths meet the writer at different moments.
    let seconds = 0.4 + 0.17 * Double(round)
    while Clock.seconds(since: start) < seconds || printed.isEmpty {
      let bytes = child.read()
      if bytes.isEmpty { break }
      printed += bytes
    }
    child.kill()
    while case let bytes = child.read(), !bytes.isEmpty { printed += bytes }
    try Demo.expect(child.wait(), "the writer ended by itself")
    // A line that was cut off was not acknowledged.
    let acknowledged = printed.count { $0 == UInt8(ascii: "\n") }
    let store = try StoreAccess.openForReading(path)
    defer { store.close() }
    let journal = try store.collection(DemoJournal.collection)
    for batch in 0..<acknowledged {
      let rows = try DemoJournal.countRows(of: batch, round: round, in: journal)
      try Demo.expect(
        rows == DemoJournal.rows, "batch \(batch) was acknowledged, \(rows) of its rows are there")
    }
    let next = try DemoJournal.countRows(of: acknowledged, round: round, in: journal)
    try Demo.expect(
      next == 0 || next == DemoJournal.rows, "\(next) rows of an unacknowledged batch are there")
    Demo.say(
      "SIGKILL after \(Format.count(acknowledged)) acknowledged batches of \(DemoJournal.rows): "
        + "all there, whole; the batch under way: \(next == 0 ? "not there" : "there, whole").")
  }
}
