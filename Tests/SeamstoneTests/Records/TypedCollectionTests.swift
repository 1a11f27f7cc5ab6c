import Seamstone
import TestSupport
import Testing

/// Whoever works with typed records needs the untyped collection for nothing everyday.
@Suite struct TypedCollectionTests {
  struct Note: VectorRecord, Equatable {
    var id: Int
    var topic: String
    var vector: [Float]
  }

  let directory: TemporaryDirectory
  let store: Store
  let notes: TypedCollection<Note>
  let all: [Note]

  init() throws {
    directory = try TemporaryDirectory()
    store = try Store.open(at: directory.file("notes.seam"))
    notes = try store.collection("Note", of: Note.self, .init(dimensions: 2, metric: .l2Squared))
    all = (0..<20).map {
      Note(id: $0, topic: $0 % 2 == 0 ? "even" : "odd", vector: [Float($0), 0])
    }
    try notes.upsert(all)
  }

  @Test func `Every search has an async form that answers as the blocking one`() async throws {
    let even: Filter = Field("topic") == "even"
    let query: [Float] = [6.75, 0]
    let near = try await notes.search(near: query, limit: 3, where: even)
    #expect(near.map(\.object) == [all[6], all[8], all[4]])
    let beside = try await notes.search(nearID: 7, limit: 2, where: even, exact: true)
    #expect(Set(beside.map(\.object.id)) == [6, 8])
    let many = try await notes.search(near: [query, [0, 0]], limit: 1, threads: 2)
    #expect(many.map { $0.map(\.object) } == [[all[7]], [all[0]]])
    let blocking = { try notes.search(near: query, limit: 3, where: even) }
    #expect(try blocking() == near)
    await #expect(throws: StoreError.self) { try await notes.search(near: [1], limit: 1) }

    let untyped = notes.collection
    #expect(
      try await untyped.search(nearID: 7, limit: 2, where: even).map(\.id) == beside.map(\.id))
    let pairs = try await untyped.search(near: [query, [0, 0]], limit: 1)
    #expect(pairs.map { $0.map(\.id) } == [[7], [0]])
  }

  @Test func `Records are written, read and deleted without blocking`() async throws {
    #expect(try await notes.get(3) == all[3])
    #expect(try await notes.get([5, 99, 4]) == [all[5], nil, all[4]])
    var changed = all[3]
    changed.topic = "prime"
    try await notes.updateProperties(of: changed)
    #expect(try await notes.get(3) == changed)
    #expect(try await notes.delete(ids: [0, 99]) == 1)
    #expect(try await notes.delete(where: Field("topic") == "odd") == 9)
    #expect(try notes.count() == 10)
    try await notes.collection.updateProperties(of: 3, to: ["topic": "odd"])
    #expect(try await notes.collection.delete(where: Field("topic") == "odd") == 1)
    try await notes.compact(full: true)
    #expect(try notes.statistics().tail == 0)
  }

  @Test func `Ids alone and many records come in the order asked for`() throws {
    #expect(try notes.searchIDs(near: [4.25, 0], limit: 2).map(\.id) == [4, 5])
    #expect(try notes.get([2, 77, 1]) == [all[2], nil, all[1]])
  }

  @Test func `Property indexes belong to typed collections, too`() async throws {
    try await notes.createPropertyIndex("topic")
    try await notes.createPropertyIndex("id2")
    #expect(try notes.propertyIndexes.map(\.path) == ["topic", "id2"])
    #expect(try notes.propertyIndexes.allSatisfy(\.isComplete))
    try notes.dropPropertyIndex("id2")
    #expect(try notes.propertyIndexes.map(\.path) == ["topic"])
    #expect(try await notes.search(near: [1, 0], where: Field("topic") == "odd").count == 10)
  }

  @Test func `Figures, status and configuration are at hand`() throws {
    let figures = try notes.statistics()
    #expect(figures == (try store.statistics().collections.first))
    #expect(figures.name == "Note" && figures.count == 20 && figures.dimensions == 2)
    #expect(try notes.configuration().metric == .l2Squared)
    #expect(try notes.status() == notes.collection.status())
    try notes.setStatus(.readOnly, because: "of a test")
    #expect(try notes.isReadOnly && notes.statistics().readOnlyReason == "of a test")
    let refused = #expect(throws: StoreError.self) { try notes.upsert(all[0]) }
    #expect(refused?.code == .readOnly)
    try notes.setReadOnly(false)
    try notes.bulkLoad { try notes.upsert(all) }
    #expect(try notes.count() == 20)
  }

  @Test func `A snapshot gives records of its version`() throws {
    let snapshot = try store.snapshot()
    let old = try snapshot.collection("Note")
    try notes.delete(ids: Array(0..<10))
    #expect(try old.search(near: [2, 0], as: Note.self, limit: 1).map(\.object) == [all[2]])
    var found: [Note] = []
    try old.forEachRecord(as: Note.self) { note in
      found.append(note)
      return found.count < 15
    }
    #expect(found == Array(all.prefix(15)))
    snapshot.close()
  }
}
