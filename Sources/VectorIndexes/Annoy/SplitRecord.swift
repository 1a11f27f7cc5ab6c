/// One split of a tree, as it is stored: 20 bytes, little-endian. Byte-exact description: FileFormat-Indexes.
///
/// With a plane of signed bytes w, a vector x lies on the right if `scale · (w·x) + offset` is positive, and by how
/// much is its margin: `scale` makes it a length. Under hamming there is no plane; `sum` is the number of a
/// component, and a vector lies on the right if that is at least `offset`. With `scale` 0 a split says nothing
/// about vectors: it divides what nothing could tell apart.
struct SplitRecord: Equatable {
  var left: TreeReference
  var right: TreeReference
  /// Σ wᵢ, or the component.
  var sum: Int32
  var scale: Float
  var offset: Float

  static let byteCount = 20

  @inline(__always)
  init(at address: UnsafeRawPointer) {
    left = TreeReference(rawValue: address.loadUnaligned(as: UInt32.self).littleEndian)
    right = TreeReference(
      rawValue: address.loadUnaligned(fromByteOffset: 4, as: UInt32.self).littleEndian)
    sum = address.loadUnaligned(fromByteOffset: 8, as: Int32.self).littleEndian
    scale = Float(
      bitPattern: address.loadUnaligned(fromByteOffset: 12, as: UInt32.self).littleEndian)
    offset = Float(
      bitPattern: address.loadUnaligned(fromByteOffset: 16, as: UInt32.self).littleEndian)
  }

  init(left: TreeReference, right: TreeReference, sum: Int32, scale: Float, offset: Float) {
    self.left = left
    self.right = right
    self.sum = sum
    self.scale = scale
    self.offset = offset
  }
}
