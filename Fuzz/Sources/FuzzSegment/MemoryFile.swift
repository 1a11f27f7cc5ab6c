import StorageIO

/// The fuzzer's bytes as a file.
final class MemoryFile: ReadableFile {
  let path = "fuzz.seg"
  private let bytes: [UInt8]
  var length: Int { bytes.count }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) {
    guard offset >= 0, offset <= bytes.count, buffer.count <= bytes.count - offset else {
      fatalError("a read of \(buffer.count) bytes from \(offset) in a file of \(bytes.count)")
    }
    bytes.withUnsafeBytes { raw in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[offset..<offset + buffer.count]))
    }
  }

  func close() {}
}
