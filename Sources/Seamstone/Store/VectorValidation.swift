import StorageIO

/// What every vector is checked for before anything is written or searched.
enum VectorValidation {
  /// Refuses vectors of another length and components that are not finite.
  static func check(
    _ vector: [Float], dimensions: Int?, collection: String, what: @autoclosure () -> String
  ) throws(StoreError) {
    guard !vector.isEmpty else {
      throw StoreError(
        .invalidArgument, "\(what()) is empty",
        remedy: "Give nil for an object without a vector")
    }
    let limit = ConfigurationLimits.dimensions.upperBound
    guard vector.count <= limit else {
      throw StoreError(
        .invalidArgument,
        "\(what()) has \(vector.count) dimensions; at most \(limit) are supported")
    }
    if let dimensions, vector.count != dimensions {
      throw StoreError.wrongDimensions(
        vector.count, expected: dimensions, collection: collection, what: what())
    }
    // A finite number times zero is zero, anything else is not a number: one branch-free pass.
    var sum: Float = 0
    for value in vector { sum += value * 0 }
    guard sum == 0 else {
      let component = vector.firstIndex { !$0.isFinite } ?? 0
      throw StoreError.notFinite(vector[component], component: component, what: what())
    }
  }
}
