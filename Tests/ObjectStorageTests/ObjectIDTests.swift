import ObjectStorage
import StorageIO
import TestSupport
import Testing

@Suite struct ObjectIDTests {
  private let samples: [ObjectID] = [
    .int(.min), .int(-1), .int(0), .int(1), .int(.max), .uuid(high: 0, low: 0),
    .uuid(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210), .uuid(high: .max, low: .max),
    .string(" "), .string("42"), .string("a"), .string("cafe\u{301}"), .string("caf\u{E9}"),
    .string("\"quoted\""), .string("01234567-89ab-cdef-fedc-ba9876543210"), .string("🧵"),
    .string(String(repeating: "x", count: 480)),
  ]

  @Test func keysReadBack() {
    for id in samples {
      let back = id.keyBytes.withUnsafeBytes { ObjectID(keyBytes: $0) }
      #expect(back == id, "\(id)")
    }
  }

  @Test func keysSortAsIDsDo() {
    for left in samples {
      for right in samples {
        let byKey = left.keyBytes.lexicographicallyPrecedes(right.keyBytes)
        #expect(byKey == (left < right), "\(left) \(right)")
      }
    }
  }

  @Test func stringsAreComparedByTheirBytes() {
    #expect("cafe\u{301}" == "caf\u{E9}")
    #expect(ObjectID.string("cafe\u{301}") != ObjectID.string("caf\u{E9}"))
    #expect(Set(samples).count == samples.count)
  }

  @Test func textAndJSONReadBack() {
    for id in samples {
      #expect(ObjectID(text: id.description) == id)
    }
    #expect(ObjectID(text: "42") == .int(42))
    #expect(ObjectID(text: "042") == .string("042"))
    #expect(ObjectID(text: "\"42\"") == .string("42"))
    let uuid = ObjectID.uuid(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
    #expect(ObjectID(text: "01234567-89AB-cdef-fedc-ba9876543210") == uuid)
    #expect(uuid.description == "01234567-89ab-cdef-fedc-ba9876543210")
    #expect(("42" as ObjectID) == .string("42"))
    #expect((42 as ObjectID) == .int(42))
  }

  @Test func whatCannotBeStoredIsRefused() {
    #expect(errorCode { try ObjectID.string("").validate() } == .invalidArgument)
    let long = ObjectID.string(String(repeating: "é", count: 241))
    #expect(errorCode { try long.validate() } == .invalidArgument)
    #expect(errorCode { try ObjectID.string(String(repeating: "é", count: 240)).validate() } == nil)
  }

  @Test func malformedKeysGiveNothing() {
    let bad: [[UInt8]] = [
      [], [0], [1], [1, 2, 3], [2] + Array(repeating: 0, count: 15), [3], [3, 0xFF],
    ]
    for bytes in bad + [[4, 1], [3] + Array(repeating: 0x61, count: 481)] {
      #expect(bytes.withUnsafeBytes { ObjectID(keyBytes: $0) } == nil, "\(bytes.prefix(4))")
    }
  }
}
