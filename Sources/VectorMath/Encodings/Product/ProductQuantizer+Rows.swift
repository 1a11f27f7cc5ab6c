import CVectorKernels

extension ProductQuantizer {
  /// A byte for each subvector.
  package var rowBytes: Int { subvectors }
  /// 256 floats for each subvector.
  package var queryBytes: Int { subvectors * Int(VK_PQ_ENTRIES) * MemoryLayout<Float>.stride }
  package var kernel: BatchKernel { BatchKernel(vk_pq_batch) }
  package var kernelDimensions: Int { subvectors }

  package func encode(_ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer) {
    let codes = row.assumingMemoryBound(to: UInt8.self)
    withPrepared(vector) { vector in
      guard tiles.isEmpty else {
        for component in 0..<tiles.count {
          codes[component] = tiles[component].code(vector[component])
        }
        return
      }
      codebook.withUnsafeBufferPointer { codebook in
        guard let codebook = codebook.baseAddress else { return }
        kernels.functions.encode(vector, codebook, shape, codes)
      }
    }
  }

  package func prepare(query: UnsafePointer<Float>, into memory: UnsafeMutableRawPointer) {
    let tabulate =
      switch metric {
      case .cosine, .dot: kernels.functions.tabulate_dot
      case .manhattan: kernels.functions.tabulate_l1
      case .l2Squared, .hamming: kernels.functions.tabulate_l2
      }
    let table = memory.assumingMemoryBound(to: Float.self)
    withPrepared(query) { query in
      codebook.withUnsafeBufferPointer { codebook in
        guard let codebook = codebook.baseAddress else { return }
        tabulate(query, codebook, shape, table)
      }
    }
  }

  package func distance(ofKey key: UInt32, query: UnsafeRawPointer) -> Float {
    let limit = Float.greatestFiniteMagnitude
    // Infinite entries of both signs may have met; such rows are sorted last.
    guard !DistanceKey.float(of: key).isNaN else { return limit }
    return min(max(DistanceKernels.distance(ofFloatKey: key, metric: metric), -limit), limit)
  }

  var shape: vk_pq_shape {
    vk_pq_shape(subvectors: subvectors, length: length, centroids: centroids, width: width)
  }

  /// Calls `body` with an aligned copy of a vector, normalised for cosine.
  private func withPrepared(
    _ vector: UnsafePointer<Float>, _ body: (UnsafePointer<Float>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: dimensions) { copy in
      guard let base = copy.baseAddress else { return }
      UnsafeMutableRawPointer(base).copyMemory(
        from: vector, byteCount: dimensions * MemoryLayout<Float>.stride)
      if metric == .cosine { Normalization.normalize(base, count: dimensions) }
      body(base)
    }
  }
}
