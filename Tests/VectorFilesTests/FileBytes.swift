import CZlib

/// Makes the bytes of small files of each format.
enum FileBytes {
  static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  static func fvecs(_ rows: [[Float]]) -> [UInt8] {
    rows.flatMap { row in little(Int32(row.count)) + row.flatMap { little($0.bitPattern) } }
  }

  static func bvecs(_ rows: [[UInt8]]) -> [UInt8] {
    rows.flatMap { row in little(Int32(row.count)) + row }
  }

  static func ivecs(_ rows: [[Int32]]) -> [UInt8] {
    rows.flatMap { row in little(Int32(row.count)) + row.flatMap { little($0) } }
  }

  /// A NumPy file with any header text.
  static func npy(version: UInt8 = 1, header: String, data: [UInt8]) -> [UInt8] {
    let text = Array(header.utf8)
    let length = version == 1 ? little(UInt16(text.count)) : little(UInt32(text.count))
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + data
  }

  static func npy(
    version: UInt8 = 1, type: String, shape: String, data: [UInt8]
  ) -> [UInt8] {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }     \n"
    return npy(version: version, header: header, data: data)
  }

  /// One gzip member.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return [] }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 100 + 1_000)
    let capacity = output.count
    input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(capacity)
        _ = deflate(&stream, Z_FINISH)
      }
    }
    deflateEnd(&stream)
    return Array(output.prefix(capacity - Int(stream.avail_out)))
  }
}
