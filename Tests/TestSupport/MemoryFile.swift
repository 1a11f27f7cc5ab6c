import StorageIO

/// A file in memory.
package final class MemoryFile: ReadableFile {
  package let path = "memory.seg"
  package let bytes: [UInt8]
  package var length: Int { bytes.count }

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(StoreError) {
    guard offset >= 0, offset <= bytes.count, buffer.count <= bytes.count - offset else {
      throw StoreError(.truncatedFile, "out of range", at: .init(path: path, offset: offset))
    }
    bytes.withUnsafeBytes { raw in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[offset..<offset + buffer.count]))
    }
  }

  package func close() {}
}
