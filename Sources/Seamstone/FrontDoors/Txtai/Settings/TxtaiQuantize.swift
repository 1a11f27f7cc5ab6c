import ObjectStorage

/// A setting `quantize`: true or false, or a number of bits.
enum TxtaiQuantize: Hashable, Sendable {
  case flag(Bool)
  case bits(Int)

  /// Reads the setting; nil if it is missing.
  init?(_ reader: SettingsReader, in range: ClosedRange<Int>? = nil, rule: String? = nil) {
    switch reader.value("quantize") {
    case nil: return nil
    case .bool(let flag): self = .flag(flag)
    default:
      let bits = reader.whole("quantize", 0)
      guard bits != 0 else { return nil }
      if let range, !range.contains(bits) {
        reader.refuse("quantize", rule ?? ConfigurationLimits.text(range))
        return nil
      }
      self = .bits(bits)
    }
  }
}
