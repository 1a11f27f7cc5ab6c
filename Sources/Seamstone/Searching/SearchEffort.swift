import StorageIO
import VectorIndexes
import VectorMath

extension Collection {
  /// How many rows a search compares with its query on average: rows that graphs visit, and rows of flat
  /// segments and of the tail. For benchmarks: it tells the algorithm's share of a speed from the
  /// machine's.
  package func meanDistances(
    near vectors: [VectorValue], limit: Int, ef: Int?
  ) throws(StoreError) -> Double {
    guard !vectors.isEmpty else { return 0 }
    return try core.read(number, name: name) { (transaction, state) throws(StoreError) in
      let context = SearchContext()
      let scanned =
        state.tail.rowCount
        + state.segments.filter { $0.handle?.index.hasGraph != true }
        .reduce(0) { $0 + Int($1.entry.rowCount) }
      for vector in vectors {
        let request = SearchRequest(
          vector: vector, limit: min(limit, max(1, state.liveVectorCount)), ef: ef)
        _ = try CollectionSearch(
          state: state, transaction: transaction, context: context, request: request
        ).run()
      }
      let visited = context.scratch.statistics.distances
      return Double(visited) / Double(vectors.count) + Double(scanned)
    }
  }
}
