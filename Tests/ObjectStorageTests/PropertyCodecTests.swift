import ObjectStorage
import StorageIO
import TestSupport
import Testing

@Suite struct PropertyCodecTests {
  private func randomValue(_ generator: inout SeededGenerator, depth: Int) -> PropertyValue {
    switch Int.random(in: 0..<(depth > 3 ? 6 : 8), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2:
      return .int(
        Int64(bitPattern: generator.next() >> UInt64.random(in: 0..<64, using: &generator)))
    case 3: return .int(-Int64.random(in: 0..<300, using: &generator))
    case 4: return .double(Double(generator.gaussian()))
    case 5: return .string(randomText(&generator))
    case 6:
      return .array(
        (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
          randomValue(&generator, depth: depth + 1)
        })
    default: return .object(randomMembers(&generator, depth: depth + 1))
    }
  }

  private func randomText(_ generator: inout SeededGenerator) -> String {
    String(
      (0..<Int.random(in: 0..<12, using: &generator)).map { _ in
        "abcdefgh éß🧵\u{0}".randomElement(using: &generator) ?? "a"
      })
  }

  private func randomMembers(_ generator: inout SeededGenerator, depth: Int) -> [String:
    PropertyValue]
  {
    var members: [String: PropertyValue] = [:]
    for _ in 0..<Int.random(in: 0..<5, using: &generator) {
      members[randomText(&generator)] = randomValue(&generator, depth: depth)
    }
    return members
  }

  @Test func randomPropertiesReadBack() throws {
    var generator = SeededGenerator(seed: 11)
    for round in 0..<300 {
      let properties = randomMembers(&generator, depth: 0)
      let bytes = try PropertyCodec.encode(properties)
      let back = try bytes.withRawBytes { (raw) throws(StoreError) in try PropertyCodec.decode(raw)
      }
      #expect(back == properties, "seed 11 round \(round)")
      #expect(try PropertyCodec.encode(back) == bytes, "seed 11 round \(round)")
    }
  }

  @Test func extremesReadBack() throws {
    let properties: [String: PropertyValue] = [
      "low": .int(.min), "high": .int(.max), "infinite": .double(.infinity),
      "tiny": .double(.leastNonzeroMagnitude),
      "": "", "list": [], "object": [:], "nothing": nil, "nested": [["a": [1, 2.5, true]]],
    ]
    let bytes = try PropertyCodec.encode(properties)
    let back = try bytes.withRawBytes { (raw) throws(StoreError) in try PropertyCodec.decode(raw) }
    #expect(back == properties)
  }

  @Test func damagedBytesThrowAndNeverTrap() throws {
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<40 {
      let bytes = try PropertyCodec.encode(randomMembers(&generator, depth: 0))
      for cut in 0..<min(bytes.count, 60) {
        let code = errorCode {
          _ = try Array(bytes.prefix(cut)).withRawBytes { (raw) throws(StoreError) in
            try PropertyCodec.decode(raw)
          }
        }
        #expect(code == .corruption, "cut at \(cut), seed 12")
      }
      for _ in 0..<20 {
        var flipped = bytes
        let place = Int.random(in: 0..<flipped.count, using: &generator)
        flipped[place] ^= UInt8.random(in: 1...255, using: &generator)
        let code = errorCode {
          _ = try flipped.withRawBytes { (raw) throws(StoreError) in try PropertyCodec.decode(raw) }
        }
        #expect(code == nil || code == .corruption)
      }
    }
    let hostile: [UInt8] = [1, 0, 6, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
    #expect(
      errorCode {
        _ = try hostile.withRawBytes { (raw) throws(StoreError) in
          try PropertyCodec.decode(raw)
        }
      } == .corruption)
  }

  @Test func deepNestingIsRefusedOnBothSides() throws {
    func nested(_ levels: Int) -> [String: PropertyValue] {
      var value: PropertyValue = 1
      for _ in 1..<levels { value = [value] }
      return ["a": value]
    }
    _ = try PropertyCodec.encode(nested(PropertyValue.maximumDepth))
    #expect(
      errorCode { _ = try PropertyCodec.encode(nested(PropertyValue.maximumDepth + 1)) }
        == .invalidArgument)
    let deep: [UInt8] = [1, 0] + Array(repeating: [6, 1], count: 5000).flatMap { $0 } + [0]
    #expect(
      errorCode {
        _ = try deep.withRawBytes { (raw) throws(StoreError) in
          try PropertyCodec.decode(raw)
        }
      } == .corruption)
  }
}
