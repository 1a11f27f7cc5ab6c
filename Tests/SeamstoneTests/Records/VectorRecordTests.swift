import ObjectStorage
import Seamstone
import TestSupport
import Testing

@Suite("Typed records")
struct VectorRecordTests {
  struct Article: VectorRecord, Equatable {
    var id: String
    var title: String
    var year: Int?
    var tags: [String]
    var vector: [Float]
  }

  struct Loose: VectorRecord, Equatable {
    var id: Int
    var vector: [Float]?
    var note: String?
  }

  struct Renamed: VectorRecord, Equatable {
    var id: ObjectID
    var vector: [Float]
    var text: String
    static let idKey = "key"
    static let vectorKey = "embedding"
    enum CodingKeys: String, CodingKey {
      case id = "key"
      case vector = "embedding"
      case text
    }
  }

  @Test("A record becomes an object without its id and vector among the properties, and back")
  func roundTrip() throws {
    let article = Article(
      id: "a", title: "T", year: nil, tags: ["x"], vector: [1, -0.0, .leastNonzeroMagnitude])
    let object = try VectorObject(article)
    #expect(object.id == "a")
    #expect(object.vector?.map(\.bitPattern) == article.vector.map(\.bitPattern))
    #expect(object.properties == ["title": "T", "tags": ["x"]])
    #expect(try object.decoded(as: Article.self) == article)

    let renamed = Renamed(id: .uuid(high: 1, low: 2), vector: [2], text: "t")
    let other = try VectorObject(renamed)
    #expect(other.properties == ["text": "t"])
    #expect(try other.decoded(as: Renamed.self) == renamed)
  }

  @Test("A vector may be absent where the type says so")
  func optionalVector() throws {
    for vector in [nil, [], [1, 2]] as [[Float]?] {
      let record = Loose(id: -3, vector: vector, note: nil)
      let object = try VectorObject(record)
      #expect(object.vector == vector)
      #expect(object.id == .int(-3))
      #expect(try object.decoded(as: Loose.self) == record)
    }
    let object = VectorObject(id: "a", vector: nil, properties: ["title": "T", "tags": []])
    do throws(StoreError) {
      _ = try object.decoded(as: Article.self)
      Issue.record("accepted")
    } catch {
      #expect(error.code == .invalidData)
      #expect(error.remedy?.contains("[Float]?") == true)
    }
  }

  @Test(
    "A string id comes back as the text it was",
    arguments: [
      "a", "7", "123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000",
      "\"q\"",
    ])
  func stringIDs(id: String) throws {
    let article = Article(id: id, title: "", year: 1, tags: [], vector: [1])
    #expect(try VectorObject(article).decoded(as: Article.self) == article)
  }

  @Test("An object is its own record")
  func objects() throws {
    let object = VectorObject(id: 7, vector: [1], properties: ["id": "p", "vector": "q"])
    #expect(try VectorObject(object) == object)
    #expect(try object.decoded(as: VectorObject.self) == object)
  }

  @Test("An object that does not fit a record is an error that names the place")
  func mismatch() {
    let object = VectorObject(
      id: "a", vector: [1], properties: ["title": "T", "tags": ["x", 3]])
    do throws(StoreError) {
      _ = try object.decoded(as: Article.self)
      Issue.record("accepted")
    } catch {
      #expect(error.code == .invalidData)
      #expect(error.cause == "tags[1]: expected a text, found 3")
    }
  }

  @Test("A number that is not finite cannot be a property")
  func notFinite() {
    struct Bad: VectorRecord {
      var id = 1
      var vector: [Float] = [1]
      var values: [Double] = [1, .nan]
    }
    do throws(StoreError) {
      _ = try VectorObject(Bad())
      Issue.record("accepted")
    } catch {
      #expect(error.code == .invalidArgument)
      #expect(error.cause?.hasPrefix("values[1]: ") == true)
    }
  }
}
