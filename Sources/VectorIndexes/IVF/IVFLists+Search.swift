import VectorMath

extension IVFLists {
  /// Searches for filtered rows look into more lists, up to so many times as many: what is nearest among few
  /// lies farther away.
  private static let mostWidening = 8.0

  func search(
    _ index: SegmentIndex, _ query: SegmentQuery, limit: Int, ef: Int, filter: SearchFilter?,
    scratch: SearchScratch
  ) -> [Candidate] {
    let allowed = filter?.allowedCount ?? index.count
    var probes = min(count, ef > 0 ? ef : IVFParameters.usualProbes(lists: count))
    if let filter {
      let share = Double(allowed) / Double(max(1, index.count))
      let widening = min(Self.mostWidening, 1 / max(share, 1e-9).squareRoot())
      probes = min(count, Int((Double(probes) * widening).rounded(.up)))
      // Comparing the allowed rows alone is exact, and no more work.
      if allowed <= probes * (index.count / count + 1) {
        return index.scan(query, limit: limit, filter: filter, scratch: scratch)
      }
    }
    let wanted = min(index.shortlist(limit), allowed)
    guard wanted > 0 else { return [] }
    let prepared = index.codec.prepare(query, scratch)
    let entries = probe(
      index, query, prepared, wanted: wanted, least: min(limit, allowed), probes: probes,
      filter: filter, scratch: scratch)
    return index.candidates(of: entries, query, prepared, limit: limit, scratch)
  }

  func nearest(
    _ index: SegmentIndex, _ query: SegmentQuery, _ prepared: PreparedQuery, count wanted: Int,
    scratch: SearchScratch
  ) -> [UInt64] {
    probe(
      index, query, prepared, wanted: wanted, least: min(wanted, index.count),
      probes: IVFParameters.usualProbes(lists: count), filter: nil, scratch: scratch)
  }

  /// The best `wanted` allowed rows of the `probes` nearest lists, and of more if there are not `least` in these.
  private func probe(
    _ index: SegmentIndex, _ query: SegmentQuery, _ prepared: PreparedQuery, wanted: Int,
    least: Int, probes: Int, filter: SearchFilter?, scratch: SearchScratch
  ) -> [UInt64] {
    var scan = ListScan(
      self, index, query, prepared, wanted: wanted, filter: filter, scratch: scratch)
    let nested = scratch.nested
    let before = nested.beam.distances
    defer { scratch.beam.distances += nested.beam.distances - before }
    var lists = bestLists(query, wanted: probes, scratch: nested)
    for (place, entry) in lists.enumerated() {
      scan.add(entry, before: place + 1 < lists.count ? lists[place + 1] : nil)
    }
    if scan.found < least, lists.count < count {
      let known = Set(lists)
      lists = bestLists(query, wanted: count, scratch: nested)
      for entry in lists where !known.contains(entry) {
        scan.add(entry)
        if scan.found >= least { break }
      }
    }
    return scan.finish()
  }
}
