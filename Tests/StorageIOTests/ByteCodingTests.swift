import StorageIO
import TestSupport
import Testing

@Suite("Bytes written and read")
struct ByteCodingTests {
  private func code(_ body: () throws -> Void) -> StoreError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? StoreError)?.code }
  }

  @Test("come back in order, lowest byte first")
  func roundTrip() throws {
    var writer = ByteWriter(capacity: 8)
    writer.write(UInt8(0xAB))
    writer.write(UInt16(0x0102))
    writer.write(UInt32(0x0304_0506))
    writer.write(UInt64(0x0708_090A_0B0C_0D0E))
    writer.write(Int64(-2))
    writer.write(Float(-0.0))
    writer.write(Double.pi)
    writer.writeVarint(300)
    writer.writeString("näh ✓")
    writer.writeLengthPrefixed([1, 2, 3])
    writer.writeZeros(2)
    #expect(writer.bytes.prefix(7) == [0xAB, 2, 1, 6, 5, 4, 3])
    try writer.bytes.withRawBytes { raw throws(StoreError) in
      var reader = ByteReader(raw)
      #expect(try reader.readUInt8() == 0xAB)
      #expect(try reader.readUInt16() == 0x0102)
      #expect(try reader.readUInt32() == 0x0304_0506)
      #expect(try reader.readUInt64() == 0x0708_090A_0B0C_0D0E)
      #expect(try reader.readInt64() == -2)
      #expect(try reader.readFloat().sign == .minus)
      #expect(try reader.readDouble() == .pi)
      #expect(try reader.readVarint() == 300)
      #expect(try reader.readString() == "näh ✓")
      #expect(Array(try reader.readLengthPrefixed()) == [1, 2, 3])
      #expect(code { try reader.expectEnd() } == .corruption)
      try reader.skip(2)
      try reader.expectEnd()
      #expect(reader.isAtEnd)
    }
  }

  @Test("as varints keep every width and have one spelling")
  func varints() throws {
    var values: [UInt64] = [0, .max]
    for shift in 0..<64 { values += [1 << UInt64(shift), (1 << UInt64(shift)) &- 1] }
    for value in values {
      var writer = ByteWriter()
      writer.writeVarint(value)
      #expect(writer.count == max(1, (64 - value.leadingZeroBitCount + 6) / 7))
      try writer.bytes.withRawBytes { raw throws(StoreError) in
        var reader = ByteReader(raw)
        #expect(try reader.readVarint() == value)
        #expect(reader.isAtEnd)
      }
      for length in 0..<writer.count {
        #expect(code { try read(Array(writer.bytes[..<length])) } == .corruption)
      }
    }
    let overlong: [[UInt8]] = [
      [0x80, 0x00], [0xFF, 0x80, 0x00], Array(repeating: 0xFF, count: 9) + [0x02],
      Array(repeating: 0x80, count: 20), Array(repeating: 0xFF, count: 11),
    ]
    for bytes in overlong { #expect(code { try read(bytes) } == .corruption, "\(bytes)") }
  }

  private func read(_ bytes: [UInt8]) throws {
    try bytes.withRawBytes { raw throws(StoreError) in
      var reader = ByteReader(raw)
      _ = try reader.readVarint()
    }
  }

  @Test("that are not there are an error with the place, and nothing is consumed")
  func short() throws {
    try [UInt8]([5, 1, 2]).withRawBytes { raw throws(StoreError) in
      var reader = ByteReader(raw, at: .init(path: "p", section: "s", offset: 100))
      try reader.skip(1)
      let bodies: [(inout ByteReader) throws -> Void] = [
        { _ = try $0.readUInt32() }, { _ = try $0.readUInt64() }, { _ = try $0.readBytes(3) },
        { _ = try $0.readBytes(-1) }, { _ = try $0.readBytes(.max) }, { try $0.skip(3) },
      ]
      for body in bodies {
        let before = reader.offset
        do {
          try body(&reader)
          Issue.record("read past the end")
        } catch {
          let error = error as? StoreError
          #expect(error?.code == .corruption)
          #expect(error?.location == .init(path: "p", section: "s", offset: 101))
        }
        #expect(reader.offset == before)
      }
    }
  }

  @Test("with hostile lengths and texts are refused")
  func hostile() {
    var huge = ByteWriter()
    huge.writeVarint(.max)
    var two63 = ByteWriter()
    two63.writeVarint(1 << 63)
    for bytes in [huge.bytes, two63.bytes, [3, 0x61, 0x62], [2, 0xC3, 0x28], [1, 0xFF]] {
      #expect(
        code {
          try bytes.withRawBytes { raw throws(StoreError) in
            var reader = ByteReader(raw)
            _ = try reader.readString()
          }
        } == .corruption)
    }
    #expect(
      code {
        try [UInt8]([100]).withRawBytes { raw throws(StoreError) in
          var reader = ByteReader(raw)
          _ = try reader.readCount(limit: 99)
        }
      } == .corruption)
  }
}
