import ObjectStorage

/// The object `faiss`.
struct TxtaiFaiss: Hashable, Sendable {
  var components: FaissComponents?
  var nprobe: Int?
  var nflip: Int?
  var quantize: TxtaiQuantize?
  var mmap: Bool?
  var sample: Double?

  static let keys = ["components", "nprobe", "nflip", "quantize", "mmap", "sample"]
  /// Bits that a component can be stored with.
  static let legalBits = [4, 6, 8]

  init() {}

  init(_ reader: SettingsReader) {
    // An empty text is as none.
    if let text = reader.text("components"), !text.isEmpty {
      do throws(FaissParser.Refusal) {
        components = try FaissParser.parse(text)
      } catch {
        reader.add("components", error.reason)
      }
    }
    nprobe = reader.optionalWhole("nprobe", in: 1...FaissWord.largestNumber)
    nflip = reader.optionalWhole("nflip", in: 0...64)
    quantize = TxtaiQuantize(reader)
    if case .bits(let bits) = quantize, !TxtaiFaiss.legalBits.contains(bits) {
      reader.refuse("quantize", "true, false, or 8, 6 or 4 bits")
      quantize = nil
    }
    mmap = reader.optionalFlag("mmap")
    sample = reader.fraction("sample")
  }

  /// The code of components that are derived.
  static func storage(_ quantize: TxtaiQuantize?) -> FaissComponents.Code {
    switch quantize {
    case nil, .flag(false): .flat
    case .flag(true), .bits(8): .scalar(.eightBits)
    case .bits(6): .scalar(.sixBits)
    case .bits: .scalar(.fourBits)
    }
  }
}
