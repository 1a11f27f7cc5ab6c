/// How a row is stored for scoring. Raw values are those of a segment's header.
package enum VectorEncodingKind: UInt16, Sendable, Hashable, CaseIterable {
  /// The components as 32-bit floats (normalised for cosine).
  case float32 = 1
  /// 7-bit codes of one affine map for the whole segment, and 8 more bits in a second tier.
  case int8 = 2
  /// Half-precision floats.
  case float16 = 3
  /// 4-bit codes of affine maps.
  case int4 = 4
  /// The number of the nearest centroid of each subvector.
  case pq = 5
  /// Signs.
  case binary = 6
  /// Codes of the randomly rotated vector.
  case rabitq = 7
  /// The originals themselves, where these are packed bits.
  case bits = 8
}
