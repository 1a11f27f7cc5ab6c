/// A vector of either element type: numbers, or packed bits.
///
/// ```swift
/// let hits = try codes.search(near: .bits([0b1011_0000, 0x0F]), limit: 10)
/// ```
public enum VectorValue: Hashable, Sendable {
  /// One number for each component.
  case floats([Float])
  /// Eight components in each byte, in the order of ``ElementType/bits``.
  case bits([UInt8])

  /// What the components are.
  public var elementType: ElementType {
    switch self {
    case .floats: .float32
    case .bits: .bits
    }
  }

  /// The number of components.
  public var dimensions: Int {
    switch self {
    case .floats(let components): components.count
    case .bits(let bytes): bytes.count * 8
    }
  }

  /// The numbers; nil for packed bits.
  public var floats: [Float]? {
    if case .floats(let components) = self { components } else { nil }
  }

  /// The packed bits; nil for numbers.
  public var bits: [UInt8]? {
    if case .bits(let bytes) = self { bytes } else { nil }
  }
}

extension VectorValue {
  /// Copies a vector out of memory at any address.
  package init(copying source: UnsafeRawPointer, elementType: ElementType, dimensions: Int) {
    switch elementType {
    case .float32:
      self = .floats(
        [Float](unsafeUninitializedCapacity: dimensions) { buffer, count in
          count = dimensions
          UnsafeMutableRawBufferPointer(buffer).copyMemory(
            from: UnsafeRawBufferPointer(
              start: source, count: dimensions * MemoryLayout<Float>.stride))
        })
    case .bits:
      self = .bits(Array(UnsafeRawBufferPointer(start: source, count: dimensions / 8)))
    }
  }

  /// Bytes of the vector.
  package var byteCount: Int { elementType.byteCount(dimensions: dimensions) }

  /// The vector as it is stored.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch self {
    case .floats(let components): components.withUnsafeBytes(body)
    case .bits(let bytes): bytes.withUnsafeBytes(body)
    }
  }

  /// Whether the vector's bytes are those at `address`: unlike `==`, this tells 0 from −0.
  package func hasSameBytes(as address: UnsafeRawPointer) -> Bool {
    withUnsafeBytes { own in
      own.elementsEqual(UnsafeRawBufferPointer(start: address, count: own.count))
    }
  }
}
