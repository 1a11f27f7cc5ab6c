import ObjectStorage
import Seamstone
import TestSupport
import Testing

@Suite("Codable values as properties")
struct PropertyCodingTests {
  private func roundTrip<Value: Codable & Equatable>(
    _ value: Value, _ expected: PropertyValue? = nil
  ) throws {
    let property = try PropertyEncoder().encode(value)
    if let expected { #expect(property == expected) }
    #expect(try PropertyDecoder().decode(Value.self, from: property) == value)
  }

  enum Shape: Codable, Equatable {
    case circle(radius: Double)
    case named(String, [Int])
    case none
  }

  enum Level: Int, Codable { case low = 1, high = 2 }

  struct Everything: Codable, Equatable {
    var int8 = Int8.min, int16 = Int16.max, int32 = Int32.min, int64 = Int64.max, int = Int.min
    var uint8 = UInt8.max, uint16 = UInt16.max, uint32 = UInt32.max, uint64 = UInt64(Int64.max)
    var uint = UInt(7), wide = Int128(-5), unsignedWide = UInt128(5)
    var float = Float(0.1), double = 0.1, bool = true, text = "å"
    var absent: Int?
    var present: Int? = 3
    var nested: [String: [Shape]] = ["a": [.circle(radius: 1), .named("x", [1]), .none]]
    var level = Level.high
    var set: Set<Int> = [1]
    var byNumber: [Int: String] = [1: "one"]
    var optionalList: [Int?] = [1, nil]
    var value: PropertyValue = ["k": [nil, 1.5]]
    var id: ObjectID = .uuid(high: 1, low: 2)
    var range = 1..<5
  }

  @Test("Values of every type read back equal")
  func everything() throws {
    try roundTrip(Everything())
    try roundTrip(1, 1)
    try roundTrip([Float(0.5)], [0.5])
    try roundTrip("x", "x")
    try roundTrip([String: Int](), [:])
    try roundTrip(Level.low, 1)
    try roundTrip(Shape.circle(radius: 2), ["circle": ["radius": 2.0]])
    try roundTrip([[1], []], [[1], []])
  }

  /// Wraps every number in a container of one value, and puts it into a list by hand.
  struct Wrapped<Value: Codable & Equatable>: Codable, Equatable {
    var value: Value

    init(_ value: Value) { self.value = value }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      value = try list.decode(Single<Value>.self).value
      var inner = try list.nestedUnkeyedContainer()
      let first = try inner.decode(Value.self)
      let isNil = try inner.decodeNil()
      let isAtEnd = inner.isAtEnd
      let keyed = try list.nestedContainer(keyedBy: Key.self).decode(Value.self, forKey: .only)
      let last = try list.superDecoder().singleValueContainer().decode(Value.self)
      #expect(first == value && isNil && isAtEnd && keyed == value && last == value)
    }

    func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      try list.encode(Single(value: value))
      var inner = list.nestedUnkeyedContainer()
      try inner.encode(value)
      try inner.encodeNil()
      var keyed = list.nestedContainer(keyedBy: Key.self)
      try keyed.encode(value, forKey: .only)
      var single = list.superEncoder().singleValueContainer()
      try single.encode(value)
    }

    private enum Key: CodingKey { case only }

    private struct Single<Wrapped: Codable>: Codable {
      var value: Wrapped
      init(value: Wrapped) { self.value = value }
      init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Wrapped.self)
      }
      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
      }
    }
  }

  @Test("Lists that a type writes by hand read back equal, whatever they hold")
  func containersByHand() throws {
    try roundTrip(Wrapped(Int8.min), [-128, [-128, nil], ["only": -128], -128])
    try roundTrip(Wrapped(Int16.min))
    try roundTrip(Wrapped(Int32.min))
    try roundTrip(Wrapped(Int64.min))
    try roundTrip(Wrapped(Int.max))
    try roundTrip(Wrapped(UInt8.max))
    try roundTrip(Wrapped(UInt16.max))
    try roundTrip(Wrapped(UInt32.max))
    try roundTrip(Wrapped(UInt64(9)))
    try roundTrip(Wrapped(UInt(9)))
    try roundTrip(Wrapped(Int128(-9)))
    try roundTrip(Wrapped(UInt128(9)))
    try roundTrip(Wrapped(Float(0.1)))
    try roundTrip(Wrapped(0.1))
    try roundTrip(Wrapped(true))
    try roundTrip(Wrapped("å"), ["å", ["å", nil], ["only": "å"], "å"])
  }

  class Base: Codable {
    var a = 1
    init() {}
  }

  final class Derived: Base {
    var b = 2
    private enum Key: CodingKey { case b }
    override init() { super.init() }
    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      try super.init(from: container.superDecoder())
      b = try container.decode(Int.self, forKey: .b)
    }
    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(b, forKey: .b)
      try super.encode(to: container.superEncoder())
    }
  }

  @Test("A class encodes what it inherits")
  func inheritance() throws {
    let value = Derived()
    value.a = 7
    value.b = 8
    let property = try PropertyEncoder().encode(value)
    #expect(property == ["b": 8, "super": ["a": 7]])
    let again = try PropertyDecoder().decode(Derived.self, from: property)
    #expect(again.a == 7)
    #expect(again.b == 8)
  }

  /// Encodes by hand into containers inside containers.
  struct ByHand: Codable, Equatable {
    var x: Int
    var y: Int
    private enum Key: CodingKey { case inner, list, point }

    init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      let inner = try container.nestedContainer(keyedBy: Key.self, forKey: .inner)
      x = try inner.decode(Int.self, forKey: .point)
      var list = try container.nestedUnkeyedContainer(forKey: .list)
      #expect(list.count == 4)
      #expect(try list.decodeNil())
      var nested = try list.nestedUnkeyedContainer()
      y = try nested.decode(Int.self)
      #expect(nested.isAtEnd)
      #expect(throws: DecodingError.self) { try nested.decode(Int.self) }
      _ = try list.nestedContainer(keyedBy: Key.self)
      #expect(try list.superDecoder().singleValueContainer().decode(Bool.self))
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      var list = container.nestedUnkeyedContainer(forKey: .list)
      var inner = container.nestedContainer(keyedBy: Key.self, forKey: .inner)
      try list.encodeNil()
      var nested = list.nestedUnkeyedContainer()
      _ = list.nestedContainer(keyedBy: Key.self)
      var last = list.superEncoder().singleValueContainer()
      try inner.encode(x, forKey: .point)
      try nested.encode(y)
      try last.encode(true)
    }
  }

  @Test("Containers inside containers keep their places, whatever the order of writing")
  func byHand() throws {
    try roundTrip(ByHand(x: 1, y: 2), ["inner": ["point": 1], "list": [nil, [2], [:], true]])
  }

  @Test("Numbers that do not fit are errors")
  func numbers() {
    #expect(throws: EncodingError.self) { try PropertyEncoder().encode(UInt64.max) }
    #expect(throws: EncodingError.self) { try PropertyEncoder().encode([Int128.max]) }
    #expect(throws: EncodingError.self) { try PropertyEncoder().encode(Double.infinity) }
    #expect(throws: EncodingError.self) { try PropertyEncoder().encode(["a": Float.nan]) }
    let decoder = PropertyDecoder()
    #expect(throws: DecodingError.self) { try decoder.decode(UInt8.self, from: 256) }
    #expect(throws: DecodingError.self) { try decoder.decode(Int.self, from: 1.5) }
    #expect(throws: DecodingError.self) { try decoder.decode(Int.self, from: .double(1e300)) }
    #expect(throws: DecodingError.self) { try decoder.decode(Float.self, from: .double(1e300)) }
    #expect(throws: DecodingError.self) { try decoder.decode(Int.self, from: "1") }
    #expect(throws: DecodingError.self) { try decoder.decode(Bool.self, from: 1) }
    #expect(throws: DecodingError.self) { try decoder.decode(String.self, from: nil) }
    #expect((try? decoder.decode(Int.self, from: 2.0)) == 2)
    #expect((try? decoder.decode(Double.self, from: 2)) == 2)
    #expect((try? decoder.decode(Int?.self, from: nil)) == .some(nil))
  }

  struct Nest: Codable { var inner: [Nest] }

  @Test("Nesting is bounded")
  func depth() {
    var value = Nest(inner: [])
    for _ in 0..<200 { value = Nest(inner: [value]) }
    #expect(throws: EncodingError.self) { try PropertyEncoder().encode(value) }
    var property: PropertyValue = ["inner": []]
    for _ in 0..<1_000 { property = ["inner": [property]] }
    #expect(throws: DecodingError.self) { try PropertyDecoder().decode(Nest.self, from: property) }
  }
}
