extension Array where Element == UInt8 {
  /// Lends the bytes to `body`, with typed errors (`withUnsafeBytes` forgets their type).
  package func withRawBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    let result = withUnsafeBytes { raw in
      do throws(E) {
        return Result<R, E>.success(try body(raw))
      } catch {
        return Result<R, E>.failure(error)
      }
    }
    return try result.get()
  }
}
