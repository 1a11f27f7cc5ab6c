extension FaissPlanner {
  /// The encoding of a code, with a note where it is only near.
  mutating func encoding(of components: FaissComponents) -> VectorEncoding? {
    if let refinement = components.refinement { refine(refinement, components.code) }
    switch components.code {
    case .flat:
      // A graph walks by codes and compares what it finds by the originals.
      if case .hnsw = components.kind { return .int8() }
      return .float32
    case .scalar(.eightBits): return .int8()
    case .scalar(.sixBits):
      plan.notes.append("SQ6 becomes int8: codes of six bits are not kept")
      return .int8()
    case .scalar(.fourBits): return .int4()
    case .scalar(.half): return .float16
    case .scalar(.brain):
      plan.notes.append("SQbf16 becomes float16, of the same size and more precise")
      return .float16
    case .product(let product): return encoding(of: product)
    case .lsh(let bits, let isRotated, let isTrained):
      if let bits, bits != plan.dimensions {
        plan.notes.append("LSH\(bits) becomes one bit for each component, whatever their number")
      }
      if isTrained { plan.notes.append("LSH…t: thresholds are not trained, signs are kept") }
      guard isRotated else { return .binary() }
      plan.notes.append("LSH…r becomes rabitq with one bit: signs of the rotated vector, corrected")
      return .rabitq(bits: 1)
    }
  }

  private mutating func encoding(of product: FaissComponents.Product) -> VectorEncoding? {
    guard product.bits <= 8 else {
      plan.problems.append(
        "faiss.components: \(product) has codes of \(product.bits) bits; at most 8 are kept, 256 centroids"
      )
      return nil
    }
    if product.isResidual {
      plan.notes.append(
        "\(product): residuals (r) are not kept; candidates are compared by their originals")
    }
    if !product.isPolysemous {
      plan.ignore("np in \(product)", because: "centroids are never numbered that way")
    }
    if product.blockSize != nil {
      plan.ignore("the block size in \(product)", because: "blocks are what the processor takes")
    }
    if (1 << product.bits) < 256, product.bits != 4 {
      plan.notes.append("\(product): a code of \(product.bits) bits takes one byte")
    }
    return .pq(subvectors: product.subvectors, centroids: 1 << product.bits)
  }

  private mutating func refine(_ refinement: FaissComponents.Code, _ code: FaissComponents.Code) {
    if code == .flat {
      plan.ignore("the refinement", because: "Flat compares vectors themselves")
    } else if refinement == .flat {
      plan.notes.append(
        "RFlat: candidates of every encoding are compared by their originals, with or without it")
    } else {
      plan.notes.append(
        "Refine(\(refinement)) becomes RFlat: candidates are compared by their originals")
    }
  }

  /// What transforms become.
  mutating func noteTransforms(_ components: FaissComponents) {
    let transforms = components.transforms
    guard !transforms.isEmpty else { return }
    let text = transforms.map(\.description).joined(separator: ",")
    guard let joined = FaissComponents.Transform.joined(transforms) else {
      plan.problems.append(
        "faiss.components: \(text): several transforms are one only as PCAd,OPQm; leave the others out"
      )
      return
    }
    plan.set("transform", joined, "from \(text), trained once there are 1,000 vectors")
    if case .pca = transforms[0] {
      plan.notes.append(
        "PCA: the mean is not taken off, which would change dot products (faiss takes it off); candidates are compared by "
          + "their originals")
    }
  }

  /// What does not go with the length of the vectors.
  mutating func checkDimensions(_ components: FaissComponents) {
    guard var dimensions = plan.dimensions, !isPacked else { return }
    for transform in components.transforms {
      switch transform {
      case .pca(let output) where output > dimensions:
        plan.problems.append(
          "faiss.components: \(transform) makes more than the \(dimensions) components there are")
      case .opq(let subvectors, nil) where dimensions % subvectors != 0:
        plan.problems.append(
          "faiss.components: \(transform) has \(subvectors) subvectors, which do not divide \(dimensions) components"
        )
      case .opq(_, let output?) where output > dimensions:
        plan.problems.append(
          "faiss.components: \(transform) makes more than the \(dimensions) components there are")
      default: break
      }
      dimensions = transform.dimensions(of: dimensions)
    }
    if case .product(let product) = components.code, dimensions % product.subvectors != 0 {
      plan.problems.append(
        "faiss.components: \(product) has \(product.subvectors) subvectors, which do not divide \(dimensions) "
          + "components")
    }
  }
}
