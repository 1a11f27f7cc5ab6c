import ObjectStorage
import StorageIO
import Synchronization
import VectorMath

/// Answers many queries on several threads from one version of a collection.
struct BatchSearch {
  let collection: Collection
  let limit: Int
  let ef: Int?
  let filter: Filter?
  let isExact: Bool
  let content: CollectionReader.Content

  /// Each thread holds one of the reader slots, of which there are a thousand by default.
  private static let mostThreads = 256

  private typealias Answer = Result<[SearchHit<VectorObject>], StoreError>

  func run(
    _ vectors: [VectorValue], threads: Int
  ) throws(StoreError) -> [[SearchHit<VectorObject>]] {
    let workers = max(1, min(threads, vectors.count, Self.mostThreads))
    let core = collection.core
    let name = collection.name
    // Every worker reads the same version, each through a transaction of its own.
    var readers: [(ReadTransaction, CollectionState)] = []
    defer { for (transaction, _) in readers { transaction.end() } }
    for _ in 0..<workers {
      let (transaction, state) = try core.capture()
      guard let collection = state.collections[collection.number] else {
        transaction.end()
        throw StoreError.collectionDropped(name)
      }
      readers.append((transaction, collection))
    }
    // Commits may have come in between: whoever has another version than the last one does not take part.
    let version = readers.last?.0.transactionID
    for (transaction, _) in readers where transaction.transactionID != version { transaction.end() }
    readers.removeAll { $0.0.transactionID != version }
    return try inParallel(vectors, readers)
  }

  private func inParallel(
    _ vectors: [VectorValue], _ readers: [(ReadTransaction, CollectionState)]
  ) throws(StoreError) -> [[SearchHit<VectorObject>]] {
    let next = Atomic<Int>(0)
    let answers = ConditionLock([Int: Answer](minimumCapacity: vectors.count))
    let failed = Atomic<Bool>(false)
    let step = step(vectors.count, readers)
    ParallelWork.run(count: readers.count) { worker in
      var own: [(Int, Answer)] = []
      while !failed.load(ordering: .relaxed) {
        let first = next.wrappingAdd(step, ordering: .relaxed).oldValue
        guard first < vectors.count else { break }
        let range = first..<min(first + step, vectors.count)
        if !answer(range, of: vectors, readers[worker], &own) {
          failed.store(true, ordering: .relaxed)
        }
      }
      answers.withLock { for (index, answer) in own { $0[index] = answer } }
    }
    var results: [[SearchHit<VectorObject>]] = []
    results.reserveCapacity(vectors.count)
    let all = answers.withLock { $0 }
    for index in vectors.indices {
      guard let answer = all[index] else { continue }
      results.append(try answer.get())
    }
    return results
  }

  /// How many queries a worker takes at a time.
  private func step(_ count: Int, _ readers: [(ReadTransaction, CollectionState)]) -> Int {
    guard let state = readers.first?.1, let batch = flatBatch(state) else { return 1 }
    return max(1, min(batch.size, (count + readers.count - 1) / readers.count))
  }

  private func flatBatch(_ state: CollectionState) -> FlatBatch? {
    FlatBatch(state, limit: limit, ef: ef, filter: filter, isExact: isExact)
  }

  /// Answers some of the queries; false after a failure, with which it ends.
  private func answer(
    _ range: Range<Int>, of vectors: [VectorValue], _ reader: (ReadTransaction, CollectionState),
    _ answers: inout [(Int, Answer)]
  ) -> Bool {
    let proposals =
      range.count > 1
      ? flatBatch(reader.1).map { batch in
        collection.core.contexts.withContext { batch.proposals(for: Array(vectors[range]), $0) }
      } : nil
    for index in range {
      var request = SearchRequest(
        vector: vectors[index], limit: limit, ef: ef, filter: filter, isExact: isExact)
      if let proposals { request.proposals = proposals[index - range.lowerBound] }
      do throws(StoreError) {
        answers.append((index, .success(try answer(request, reader))))
      } catch {
        answers.append((index, .failure(error)))
        return false
      }
    }
    return true
  }

  private func answer(
    _ request: SearchRequest, _ reader: (ReadTransaction, CollectionState)
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    try CollectionReader(
      state: reader.1, transaction: reader.0, contexts: collection.core.contexts
    ).search(request, including: content)
  }
}
