import StorageIO
import VectorMath

/// What every vector is checked for before anything is written or searched.
enum VectorValidation {
  /// Refuses vectors of another element type or length, and components that are not finite.
  static func check(
    _ vector: VectorValue, elementType: ElementType, dimensions: Int?, collection: String,
    what: @autoclosure () -> String
  ) throws(StoreError) {
    guard vector.dimensions > 0 else {
      throw StoreError(
        .invalidArgument, "\(what()) is empty",
        remedy: "Give nil for an object without a vector")
    }
    guard vector.elementType == elementType else {
      throw StoreError.wrongElementType(
        vector.elementType, expected: elementType, collection: collection,
        what: what())
    }
    let limit = ConfigurationLimits.dimensions.upperBound
    guard vector.dimensions <= limit else {
      throw StoreError(
        .invalidArgument,
        "\(what()) has \(vector.dimensions) dimensions; at most \(limit) are supported")
    }
    if let dimensions, vector.dimensions != dimensions {
      throw StoreError.wrongDimensions(
        vector.dimensions, expected: dimensions, collection: collection, what: what())
    }
    if case .floats(let components) = vector { try checkFinite(components, what: what()) }
  }

  private static func checkFinite(
    _ vector: [Float], what: @autoclosure () -> String
  ) throws(StoreError) {
    // A finite number times zero is zero, anything else is not a number: one branch-free pass.
    var sum: Float = 0
    for value in vector { sum += value * 0 }
    guard sum == 0 else {
      let component = vector.firstIndex { !$0.isFinite } ?? 0
      throw StoreError.notFinite(vector[component], component: component, what: what())
    }
  }
}
