import SegmentFiles
import StorageIO
import VectorMath

extension SegmentBuilder {
  /// Changes the encoding of a segment and nothing else: its graph and the order of its rows are taken over as they
  /// are, and only rows are made anew, from the originals. `nil` where that is not what is asked for: with
  /// other vectors, another kind of graph, or too many deleted rows to carry along.
  ///
  /// Rows whose vectors are gone stay, as steps on the way of walks, with the codes of a neighbour;
  /// whoever deleted them has noted it, so they are never returned.
  func recode(
    _ base: SegmentIndex, _ plan: GraphPlan, _ source: any VectorSource, _ stored: RowCodec?,
    _ state: inout BuildState
  ) throws(StoreError) -> BuiltSegment? {
    guard canReuse(base, plan), !base.plan.isInterchangeable(with: encoding),
      base.header.firstDocID == interval.lowerBound, base.header.lastDocID == interval.upperBound,
      let order = RecodingOrder(base, source.docIDs)
    else { return nil }
    let codec = if let stored { stored } else { try self.codec(source, nil, &state) }
    let rows = try EncodedRows(codec: codec, docIDs: order.docIDs)
    state.hash.update(base.header.identifier.low)
    state.hash.update(base.header.identifier.high)
    let missing = try encode(source, into: rows, nil, &state, upTo: 0.9) { Int(order.rows[$0]) }
    fill(order.absent + missing, rows, base)
    state.report.vanished = missing.count
    state.report.rows = rows.count
    state.report.reusedNodes = base.layout.nodeCount
    state.report.duplicates = rows.count - base.layout.nodeCount
    state.generation = base.header.generation
    state.end("encoding")
    return BuiltSegment(recoding: base, rows: rows, state: state, builder: self)
  }

  /// Gives rows without a vector the codes of the nearest neighbour that has one.
  private func fill(_ empty: [Int], _ rows: EncodedRows, _ base: SegmentIndex) {
    guard !empty.isEmpty, let layer = base.layers.first else { return }
    var isEmpty = [Bool](repeating: false, count: rows.count)
    for row in empty { isEmpty[row] = true }
    for row in empty where row < base.layout.nodeCount {
      let neighbour = layer.links(of: row).first { !isEmpty[Int($0)] }
      if let neighbour { rows.copy(Int(neighbour), to: row) }
    }
    guard let duplicates = base.duplicates else { return }
    for node in 0..<base.layout.nodeCount {
      for row in duplicates.rows(of: UInt32(node)) where isEmpty[row] { rows.copy(node, to: row) }
    }
  }
}

/// Which row of an older segment each vector of a source is.
private struct RecodingOrder {
  /// For each position of the source its row.
  let rows: [UInt32]
  /// The DocID of each row.
  let docIDs: [UInt64]
  /// Rows that the source has no vector for.
  let absent: [Int]

  /// Deleted rows that are carried along, in percent; they are worth a repair from there on.
  private static let mostAbsent = 10

  /// `nil` unless nearly all rows, and nothing else, are in the source.
  init?(_ base: SegmentIndex, _ wanted: [UInt64]) {
    guard wanted.count <= base.count,
      (base.count - wanted.count) * 100 <= base.count * Self.mostAbsent
    else { return nil }
    var rows: [UInt32] = []
    rows.reserveCapacity(wanted.count)
    var docIDs = [UInt64](repeating: 0, count: base.count)
    var isKnown = [Bool](repeating: false, count: base.count)
    var absent: [Int] = []
    for rank in 0..<base.count {
      guard let (docID, row) = base.directory.entry(rank: rank), !isKnown[row] else { return nil }
      isKnown[row] = true
      docIDs[row] = docID
      if rows.count < wanted.count, wanted[rows.count] == docID {
        rows.append(UInt32(row))
      } else {
        absent.append(row)
      }
    }
    guard rows.count == wanted.count else { return nil }
    self.rows = rows
    self.docIDs = docIDs
    self.absent = absent
  }
}
