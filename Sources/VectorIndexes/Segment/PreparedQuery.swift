import VectorMath

/// A query in the form that one segment's rows are compared with.
struct PreparedQuery {
  let kernels: BatchKernel
  /// Points into the memory that it was prepared in.
  let query: UnsafeRawPointer
}

extension RowCodec {
  /// Bytes that a prepared query takes; a multiple of 64.
  var queryBytes: Int { (max(64, stored?.queryBytes ?? rowStride) + 63) / 64 * 64 }

  /// Encodes a query as the rows are.
  func prepare(_ query: SegmentQuery, _ scratch: SearchScratch) -> PreparedQuery {
    prepare(query, into: scratch.reserveCodes(queryBytes))
  }

  /// Encodes a query as the rows are, to `queryBytes` bytes of aligned memory.
  func prepare(_ query: SegmentQuery, into memory: UnsafeMutableRawPointer) -> PreparedQuery {
    if let stored {
      query.vector.withUnsafeBufferPointer { vector in
        if let first = vector.baseAddress { stored.prepare(query: first, into: memory) }
      }
    } else if let quantizer {
      let quantized = query.vector.withUnsafeBufferPointer { vector in
        vector.baseAddress.map { quantizer.prepareQuery($0).bytes } ?? []
      }
      let bytes = min(quantized.count, max(64, rowStride))
      quantized.withUnsafeBytes { raw in
        if let base = raw.baseAddress { memory.copyMemory(from: base, byteCount: bytes) }
      }
    } else if let bits = query.exact.bits {
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: rowStride)
      bits.withUnsafeBytes { raw in
        guard let base = raw.baseAddress else { return }
        memory.copyMemory(from: base, byteCount: min(raw.count, rowStride))
      }
    } else {
      // `exact.query` is scaled to length 1 for cosine, as the rows are.
      query.exact.query.withUnsafeBytes { raw in
        guard let base = raw.baseAddress else { return }
        memory.copyMemory(from: base, byteCount: min(raw.count, rowStride))
      }
    }
    return PreparedQuery(kernels: searchKernels, query: UnsafeRawPointer(memory))
  }
}
