extension LinearTransform {
  /// The numbers that a map's bytes begin with. Byte-exact description: FileFormat-Indexes.
  package struct Header: Sendable, Equatable {
    static let byteCount = 64
    static let version: UInt32 = 1
    /// The most components of a vector: as a segment's header has it.
    static let mostComponents = 65_536

    /// What the map was made for.
    package let plan: TransformPlan
    /// The metric of the vectors.
    package let metric: Metric
    /// Components of a vector.
    package let inputs: Int
    /// Rows that there were when it was trained; not all of them were looked at.
    package let rows: Int
    /// The share of the variance (of the squared lengths, where the mean is not taken off) that is kept.
    package let kept: Float
    /// A hash of all the other bytes.
    package fileprivate(set) var identifier: UInt64 = 0

    /// Components of what is stored.
    package var outputs: Int { plan.outputs(of: inputs) }

    init(plan: TransformPlan, metric: Metric, inputs: Int, rows: Int, kept: Float) {
      self.plan = plan
      self.metric = metric
      self.inputs = inputs
      self.rows = min(rows, Int(UInt32.max))
      self.kept = kept
    }

    /// All bytes that such a map has.
    var totalBytes: Int { Self.byteCount + (inputs + inputs * outputs) * 4 }

    /// Reads it; `nil` unless it is the header of a map of so many bytes.
    init?(_ bytes: UnsafeRawBufferPointer) {
      guard bytes.count >= Self.byteCount else { return nil }
      func word(_ index: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
      }
      func wide(_ index: Int) -> UInt64 { UInt64(word(index + 1)) << 32 | UInt64(word(index)) }
      guard word(0) == Self.version,
        let metric = Metric(fileCode: UInt16(truncatingIfNeeded: word(5))),
        word(2) >= 1, word(2) <= UInt32(Self.mostComponents)
      else { return nil }
      let plan: TransformPlan
      switch word(1) {
      case 1: plan = .pca(dimensions: Int(word(3)), seed: wide(6))
      case 2: plan = .opq(subvectors: Int(word(4)), dimensions: Int(word(3)), seed: wide(6))
      default: return nil
      }
      self.init(
        plan: plan, metric: metric, inputs: Int(word(2)), rows: Int(word(8)),
        kept: Float(bitPattern: word(9)))
      identifier = wide(10)
      guard plan.failure(inputs: inputs, metric: metric) == nil, kept >= 0, kept <= 1,
        bytes.count == totalBytes, bytes.prefix(Self.byteCount).elementsEqual(serialized)
      else { return nil }
    }

    /// The bytes.
    var serialized: [UInt8] {
      var words = [UInt32](repeating: 0, count: Self.byteCount / 4)
      words[0] = Self.version
      if case .pca = plan { words[1] = 1 }
      if case .opq(let subvectors, _, _) = plan {
        words[1] = 2
        words[4] = UInt32(clamping: subvectors)
      }
      words[2] = UInt32(clamping: inputs)
      words[3] = UInt32(clamping: outputs)
      words[5] = UInt32(metric.fileCode)
      words[6] = UInt32(truncatingIfNeeded: plan.seed)
      words[7] = UInt32(truncatingIfNeeded: plan.seed >> 32)
      words[8] = UInt32(clamping: rows)
      words[9] = kept.bitPattern
      words[10] = UInt32(truncatingIfNeeded: identifier)
      words[11] = UInt32(truncatingIfNeeded: identifier >> 32)
      return words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
    }
  }

  /// A map of these numbers, which it copies.
  init(_ header: Header, mean: [Float], matrix: [Float]) {
    var header = header
    header.identifier = 0
    var bytes = header.serialized
    bytes.reserveCapacity(header.totalBytes)
    for value in mean { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }
    matrix.withUnsafeBytes { bytes.append(contentsOf: $0) }
    header.identifier = bytes.withUnsafeBytes { Self.identifier(of: $0) }
    bytes.replaceSubrange(0..<Header.byteCount, with: header.serialized)
    let memory = bytes.withUnsafeBytes { TransformMemory($0) }
    self.init(header: header, base: UnsafeRawPointer(memory.base), owner: memory)
  }

  /// Reads a map where it lies, on a multiple of four bytes; whoever calls keeps the bytes. Looks at the header only. `nil`
  /// unless it is one of a map of so many bytes.
  package init?(mapped bytes: UnsafeRawBufferPointer) {
    guard let header = Header(bytes), let base = bytes.baseAddress, Int(bitPattern: base) % 4 == 0
    else { return nil }
    self.init(header: header, base: base, owner: nil)
  }

  /// Copies a map, all of which is checked against its identifier.
  package init?(copying bytes: UnsafeRawBufferPointer) {
    guard let header = Header(bytes) else { return nil }
    let memory = TransformMemory(bytes)
    self.init(header: header, base: UnsafeRawPointer(memory.base), owner: memory)
    guard isWhole else { return nil }
  }

  /// All of its bytes.
  package var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: header.totalBytes)
  }

  /// Whether the identifier is that of the bytes, and all numbers are finite; reads all of it.
  package var isWhole: Bool {
    Self.identifier(of: bytes) == identifier
      && UnsafeRawBufferPointer(rebasing: bytes[Header.byteCount...])
        .withMemoryRebound(to: Float.self) { numbers in numbers.allSatisfy(\.isFinite) }
  }

  /// The hash of bytes, that in the header left out: eight bytes after eight, and how many there are.
  private static func identifier(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = SeededRandom.mix(UInt64(bytes.count))
    for offset in stride(from: 0, to: bytes.count, by: 8) where offset != 40 {
      var word: UInt64 = 0
      if offset + 8 <= bytes.count {
        word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      } else {
        // Numbers of four bytes: there may be one more.
        word = UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian)
      }
      hash = SeededRandom.mix(hash, word.littleEndian)
    }
    return hash
  }
}
