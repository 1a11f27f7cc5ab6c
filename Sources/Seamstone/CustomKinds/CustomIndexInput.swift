import VectorIndexes

/// What an index of a kind of your own is built from.
public struct CustomIndexInput: Sendable {
  /// What it is over.
  public let shape: CustomIndexShape
  private let input: CustomInput

  init(shape: CustomIndexShape, input: CustomInput) {
    self.shape = shape
    self.input = input
  }

  /// The vector of a row, as it was given. Rows are in the order in which they were written.
  public func vector(_ row: Int) -> ArraySlice<Float> {
    input.values[row * shape.dimensions..<(row + 1) * shape.dimensions]
  }

  /// Whether nobody wants the index any more: look at it now and then, and throw or return anything.
  public var isCancelled: Bool { input.isCancelled() }
}
