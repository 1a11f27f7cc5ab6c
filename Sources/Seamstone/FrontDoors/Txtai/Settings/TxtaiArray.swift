import ObjectStorage

/// The objects `numpy` and `torch`: every vector is compared.
struct TxtaiArray: Hashable, Sendable {
  /// How torch keeps weights small.
  struct Blocks: Hashable, Sendable {
    var type: BlockType
    var blocksize: Int?
  }

  /// bitsandbytes' types.
  enum BlockType: String, CaseIterable, Sendable { case fp4, nf4, int8 }

  var safetensors: Bool?
  /// Bits of packed components: the root `quantize` by another name.
  var bits: Int?
  /// `quantize: false` or true, where it means nothing.
  var flag: Bool?
  /// torch only: `quantize: true` or an object.
  var blocks: Blocks?

  static let keys = ["safetensors", "quantize"]

  init() {}

  /// - Parameter hasBlocks: Whether `quantize` may be more than a number.
  init(_ reader: SettingsReader, hasBlocks: Bool) {
    safetensors = reader.optionalFlag("safetensors")
    if hasBlocks, case .object? = reader.value("quantize") {
      let inner = reader.reader("quantize", known: ["type", "blocksize"])
      blocks = Blocks(
        type: inner.name("type", .nf4) {
          "torch.quantize.type is \"\($0)\"; it must be nf4, fp4 or int8"
        },
        blocksize: inner.optionalWhole("blocksize", in: 1...65_536))
      return
    }
    switch TxtaiQuantize(reader, in: TxtaiConfiguration.packedBits) {
    case nil: break
    case .bits(let bits): self.bits = bits
    case .flag(true) where hasBlocks: blocks = Blocks(type: .nf4, blocksize: nil)
    case .flag(let flag): self.flag = flag
    }
  }
}
