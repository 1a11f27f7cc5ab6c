/// A heap block of exactly so many bytes, at an offset from a cache line, so that the address sanitizer sees
/// every access outside it.
final class ExactMemory {
  let base: UnsafeMutableRawPointer
  let count: Int

  init(count: Int, alignment: Int = 1) {
    self.count = count
    base = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: alignment)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
  }

  convenience init(copying bytes: [UInt8]) {
    self.init(count: bytes.count)
    bytes.withUnsafeBytes {
      if let from = $0.baseAddress { base.copyMemory(from: from, byteCount: count) }
    }
  }

  deinit { base.deallocate() }

  var bytes: [UInt8] { Array(raw) }

  var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Fills it with `bytes`, over and over from `start`.
  func fill(_ bytes: [UInt8], from start: Int = 0) {
    guard !bytes.isEmpty else { return }
    for index in 0..<count {
      base.storeBytes(of: bytes[(start + index) % bytes.count], toByteOffset: index, as: UInt8.self)
    }
  }

  /// Finite floats made of `bytes`.
  static func vector(_ count: Int, _ bytes: [UInt8]) -> ExactMemory {
    let memory = ExactMemory(count: count * 4, alignment: 4)
    memory.fill(bytes, from: 3)
    for index in 0..<count {
      let value = memory.base.load(fromByteOffset: index * 4, as: Float.self)
      if !value.isFinite {
        memory.base.storeBytes(of: Float(index), toByteOffset: index * 4, as: Float.self)
      }
    }
    return memory
  }

  var floats: UnsafePointer<Float> { UnsafePointer(base.assumingMemoryBound(to: Float.self)) }
}
