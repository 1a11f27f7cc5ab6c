import Foundation
import ObjectStorage
import Seamstone
import TestSupport
import Testing

/// Dates of Foundation's in typed records, which the library stores without knowing Foundation.
@Suite struct RecordDateTests {
  struct Article: VectorRecord, Equatable {
    var id: String
    var published: Date
    var changed: Date? = nil
    var seen: [Date?] = []
    var byName: [String: Date] = [:]
    var stamp = Timestamp(seconds: 0)
    var score = 0.5
    var vector: [Float]
  }

  private func article(_ id: String, _ published: Date) -> Article {
    Article(id: id, published: published, vector: [1, 0])
  }

  @Test func `A date is stored as a text of RFC 3339, wherever it stands`() throws {
    let date = Date(timeIntervalSince1970: 1_709_251_199.5)
    let record = Article(
      id: "a", published: date, changed: date, seen: [date, nil], byName: ["x": date],
      stamp: try #require(Timestamp("2024-05-01T12:30:00+02:00")), vector: [1])
    let object = try VectorObject(record)
    let text: PropertyValue = "2024-02-29T23:59:59.5Z"
    #expect(
      object.properties == [
        "published": text, "changed": text, "seen": [text, nil], "byName": ["x": text],
        "stamp": "2024-05-01T10:30:00Z", "score": 0.5,
      ])
    #expect(try object.decoded(as: Article.self) == record)
    #expect(try PropertyEncoder().encode(date) == text)
    #expect(try PropertyDecoder().decode(Date.self, from: text) == date)
    #expect(try PropertyDecoder().decode([Double].self, from: [1.5]) == [1.5])
  }

  @Test func `Dates read back as they were, to the nanosecond`() throws {
    var generator = SeededGenerator(seed: 7)
    var dates = [0, -0.25, 1e-9, -1e-12, 0.999_999_999_9, -978_307_200].map {
      Date(timeIntervalSinceReferenceDate: $0)
    }
    dates += [.distantPast, .distantFuture]
    for _ in 0..<1_000 {
      dates.append(
        Date(timeIntervalSinceReferenceDate: .random(in: -6e10...2e11, using: &generator)))
    }
    for date in dates {
      let stored = try PropertyEncoder().encode(date)
      let again = try PropertyDecoder().decode(Date.self, from: stored)
      let seconds = date.timeIntervalSinceReferenceDate
      #expect(abs(again.timeIntervalSinceReferenceDate - seconds) <= 0.5e-9, "\(seconds)")
      // Where doubles lie further apart than nanoseconds nothing is lost.
      if abs(seconds) > 0x1p24 { #expect(again == date, "\(seconds)") }
      #expect(
        Timestamp(timeIntervalSinceReferenceDate: seconds).description.propertyValue == stored)
    }
  }

  @Test func `Filters on dates find typed records`() throws {
    let directory = try TemporaryDirectory()
    let store = try Store.open(at: directory.file("dates.seam"))
    defer { store.close() }
    let articles = try store.collection("Article", of: Article.self, .init(metric: .cosine))
    let noon = Date(timeIntervalSinceReferenceDate: 700_000_000.25)
    try articles.upsert([
      article("before", noon - 0.125), article("at", noon), article("after", noon + 86_400),
    ])
    for isIndexed in [false, true] {
      if isIndexed { try articles.collection.createPropertyIndex("published") }
      func found(_ filter: Filter) throws -> Set<String> {
        Set(
          try articles.search(near: [1, 0], where: filter).map(\.object.id))
      }
      let moment = Timestamp(
        timeIntervalSinceReferenceDate: noon.timeIntervalSinceReferenceDate)
      #expect(try found(Field("published") == moment) == ["at"])
      #expect(try found(Field("published") >= moment) == ["at", "after"])
      #expect(try found(Field("published") < moment) == ["before"])
      let json = """
        {"path": ["published"], "operator": "LessThanEqual", "valueDate": "\(moment)"}
        """
      #expect(try found(Filter(whereJSON: json)) == ["before", "at"])
    }
  }

  @Test func `Numbers stored for dates before are still read`() throws {
    let object = VectorObject(
      id: "a", vector: [1],
      properties: [
        "published": 700_000_000.25, "seen": [], "byName": [:], "stamp": "1970-01-01T00:00:00Z",
        "score": 1,
      ])
    let article = try object.decoded(as: Article.self)
    #expect(article.published == Date(timeIntervalSinceReferenceDate: 700_000_000.25))
  }

  @Test func `What is no date is refused by name`() {
    #expect(throws: EncodingError.self) {
      try PropertyEncoder().encode(Date(timeIntervalSinceReferenceDate: 1e12))
    }
    #expect(throws: EncodingError.self) {
      try PropertyEncoder().encode(Date(timeIntervalSinceReferenceDate: -1e12))
    }
    #expect(throws: EncodingError.self) {
      try PropertyEncoder().encode(Date(timeIntervalSinceReferenceDate: .nan))
    }
    for type in [Date.self, Timestamp.self] as [any Decodable.Type] {
      do {
        _ = try PropertyDecoder().decode(type, from: "yesterday")
        Issue.record("accepted")
      } catch DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context) {
        #expect(context.debugDescription.contains("found \"yesterday\""))
      } catch {
        Issue.record(error)
      }
    }
  }

  @Test(arguments: [Double.infinity, 1e300, -1e300, -.infinity, .nan])
  func `A moment beyond the years is cut to the nearest`(seconds: Double) {
    let moment = Timestamp(timeIntervalSinceReferenceDate: seconds)
    #expect(
      moment.description
        == (seconds.isNaN
          ? "2001-01-01T00:00:00Z"
          : seconds > 0 ? "9999-12-31T23:59:59Z" : "0000-01-01T00:00:00Z"))
  }
}
