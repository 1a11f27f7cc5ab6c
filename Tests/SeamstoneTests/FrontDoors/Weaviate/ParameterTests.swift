import JSONText
import ObjectStorage
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

@Suite("The parameters of Weaviate's index types")
struct ParameterTests {
  @Test("Defaults are filled in", arguments: ParameterRow.all.filter { $0.usual != nil })
  func defaults(row: ParameterRow) throws {
    let echo = try WeaviateClass(json: try row.definition(nil)).json
    #expect(try row.echo(echo) == row.usual)
    // Null is as nothing, and what is given back reads back as the same.
    let null = try WeaviateClass(json: try row.definition("null")).json
    #expect(try row.echo(null) == row.usual)
    #expect(try WeaviateClass(json: echo).json == echo)
  }

  @Test("Values in range are kept", arguments: ParameterRow.all)
  func accepted(row: ParameterRow) throws {
    for value in row.accepted {
      let read = try WeaviateClass(json: try row.definition(value))
      let wanted = value == "64.0" ? "64" : value
      #expect(try row.echo(read.json) == wanted)
      #expect(try WeaviateClass(json: read.json) == read)
    }
  }

  @Test("What is out of range or of the wrong type is refused", arguments: ParameterRow.all)
  func refused(row: ParameterRow) throws {
    for (value, words) in row.refused {
      let definition = try row.definition(value)
      do throws(StoreError) {
        _ = try WeaviateClass(json: definition)
        Issue.record("accepted \(definition)")
      } catch {
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.hasPrefix("invalid \(row.type) config: "), "\(error.message)")
        #expect(error.message.contains(words), "\(error.message)")
      }
    }
  }

  @Test(
    "An existing class is changed at once, or the change is refused", arguments: ParameterRow.all)
  func changes(row: ParameterRow) throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("store.seam")
    let store = try Store.open(at: path, options: StoreFixture.options())
    defer { store.close() }
    let collection = try store.collection(
      fromWeaviateClass: try row.definition(nil), dimensions: 4)
    let before = try #require(try collection.weaviateClass)
    switch row.change {
    case .untested: return
    case .live(let value):
      _ = try store.collection(fromWeaviateClass: try row.definition(value))
      #expect(try collection.status() == .ready)
      store.close()
      let again = try Store.open(at: path, options: StoreFixture.options())
      defer { again.close() }
      let echo = try #require(try again.collection("Article").weaviateClass)
      #expect(try row.echo(echo) == value)
    case .immutable(let value, let words):
      do throws(StoreError) {
        _ = try store.collection(
          fromWeaviateClass: try StoreError.wrap { try row.definition(value) })
        Issue.record("accepted")
      } catch {
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains(words), "\(error.message)")
      }
      #expect(try collection.weaviateClass == before)
    }
  }

  @Test("Only the cache size is cut to 64 bits")
  func clamping() throws {
    let row = ParameterRow(path: "vectorCacheMaxObjects")
    let read = try WeaviateClass(json: try row.definition("99999999999999999999999"))
    #expect(try row.echo(read.json) == "\(Int.max)")
    let least = try WeaviateClass(json: try row.definition("-1e300"))
    #expect(try row.echo(least.json) == "\(Int.min)")
    #expect(throws: StoreError.self) {
      try WeaviateClass(
        json: try ParameterRow(path: "ef").definition("99999999999999999999999"))
    }
  }

  @Test("All violations are said at once")
  func together() throws {
    let json = """
      {"class": "Article", "vectorIndexConfig": {"maxConnections": 2, "efConstruction": 1, "efs": 3,
       "distance": "cosin", "pq": {"enabled": "yes", "centroids": 300}},
       "properties": [{"name": "title", "dataType": ["text"]}, {"name": "Title", "dataType": ["blob"]}]}
      """
    do throws(StoreError) {
      _ = try WeaviateClass(json: json)
      Issue.record("accepted")
    } catch {
      let words = [
        "invalid class \"Article\": ", "invalid hnsw config: ", "maxConnections is 2",
        "efConstruction is 1", "unknown key \"efs\" (Did you mean \"ef\"?)", "cosin",
        "pq.enabled is the text \"yes\"", "higher than 256", "\"blob\" is not supported",
        "there are two properties \"Title\"",
      ]
      for word in words { #expect(error.message.contains(word), "\(word): \(error.message)") }
    }
  }

  @Test("All attempts to change what cannot change are said at once")
  func immutableTogether() throws {
    let directory = try TemporaryDirectory()
    let store = try Store.open(at: directory.file("store.seam"), options: StoreFixture.options())
    defer { store.close() }
    _ = try store.collection(fromWeaviateClass: #"{"class":"Article"}"#)
    do throws(StoreError) {
      _ = try store.collection(
        fromWeaviateClass: #"""
          {"class":"Article","vectorizer":"other",
           "vectorIndexConfig":{"distance":"dot","maxConnections":8,"efConstruction":9}}
          """#)
      Issue.record("accepted")
    } catch {
      for name in ["vectorizer", "distance", "maxConnections", "efConstruction"] {
        #expect(error.message.contains("\(name) is immutable: attempted change"), "\(error)")
      }
    }
    do throws(StoreError) {
      _ = try store.collection(
        fromWeaviateClass: #"{"class":"Article","vectorIndexType":"flat","vectorIndexConfig":{}}"#)
      Issue.record("accepted")
    } catch {
      #expect(
        error.message.contains(
          "vector index type is immutable: attempted change from \"hnsw\" to \"flat\""), "\(error)")
    }
  }
}

extension StoreError {
  /// What a test prepares does not fail; if it does, the message says so.
  fileprivate static func wrap<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
    do { return try body() } catch { throw StoreError(.internalError, "\(error)") }
  }
}
