import ObjectStorage
import Seamstone
import StorageIO

/// Reads any text as the JSON of a filter, and matches objects with what is accepted.
///
/// Strategy: texts from a dictionary of the words and operators of `where` filters.
/// Invariants: a text is refused with a reason, or its filter is printed as JSON, and coded by `Codable`, so that the
/// same filter comes back; exactly one of a filter and its negation holds for each object.
enum FilterTarget {
  private static let objects: [[String: PropertyValue]] = [
    [:],
    ["section": "science", "year": 2024, "rating": 4.5, "isNew": true, "tags": ["a", "b"]],
    ["section": .null, "year": -1, "author": ["name": "Ada", "born": "1815-12-10T00:00:00Z"]],
    [
      "id": "x", "list": [1, 2.0, "x", .null, ["deep": [true]]],
      "date": "2024-02-29T12:00:00+01:00",
    ],
  ]

  static let check: @Sendable ([UInt8]) -> Void = { bytes in
    let filter: Filter
    do throws(StoreError) {
      filter = try Filter(whereJSON: String(decoding: bytes, as: UTF8.self))
    } catch {
      guard error.code == .invalidArgument, !error.message.isEmpty, error.remedy != nil else {
        fatalError("refused with \(error)")
      }
      return
    }
    do {
      guard try Filter(whereJSON: filter.whereJSON) == filter else {
        fatalError("\(filter) reads back otherwise: \(filter.whereJSON)")
      }
      let coded = try PropertyEncoder().encode(filter)
      guard try PropertyDecoder().decode(Filter.self, from: coded) == filter else {
        fatalError("\(filter) is coded otherwise")
      }
    } catch {
      fatalError("\(filter.whereJSON) is refused: \(error)")
    }
    for object in objects where filter.matches(object, id: 7) == (!filter).matches(object, id: 7) {
      fatalError("\(filter) and its negation answer the same for \(object)")
    }
  }
}
