import JSONText
import ObjectStorage
import StorageIO
import VectorIndexes

/// A kind of somebody's own as segments take it.
struct RegisteredKind: CustomEngine {
  let kind: any CustomIndexKind

  var name: String { kind.name }

  func build(_ input: CustomInput) throws(StoreError) -> [UInt8] {
    let shape = try shape(input.shape)
    do {
      return try kind.build(CustomIndexInput(shape: shape, input: input))
    } catch let error as StoreError {
      throw error
    } catch {
      if input.isCancelled() {
        throw StoreError(.cancelled, "building the segment was cancelled", cause: "\(error)")
      }
      throw StoreError(
        .internalError,
        "The index kind \"\(name)\" could not build an index of \(shape.count) vectors",
        cause: "\(error)")
    }
  }

  func open(
    _ bytes: UnsafeRawBufferPointer, owner: any Sendable, shape: CustomShape
  ) throws(StoreError) -> any CustomSearcher {
    let shape = try self.shape(shape)
    do {
      return unsafe OpenIndex(
        index: try kind.open(CustomIndexBytes(bytes, owner: owner), shape: shape))
    } catch {
      throw StoreError(
        .corruption, "The index kind \"\(name)\" cannot open the index of a segment",
        cause: "\(error)",
        remedy: "The segment can be rebuilt from the originals")
    }
  }

  private func shape(_ shape: CustomShape) throws(StoreError) -> CustomIndexShape {
    CustomIndexShape(
      count: shape.count, dimensions: shape.dimensions, metric: shape.metric,
      settings: try Self.settings(shape.settings))
  }

  private static func settings(_ bytes: [UInt8]) throws(StoreError) -> [String: PropertyValue] {
    if bytes.isEmpty { return [:] }
    do throws(JSONError) {
      let value = try unsafe bytes.withRawBytes { (raw) throws(JSONError) in
        try unsafe PropertyValue(json: raw)
      }
      if case .object(let settings) = value { return settings }
    } catch {
      throw StoreError(.corruption, "The settings of an index cannot be read", cause: "\(error)")
    }
    throw StoreError(.corruption, "The settings of an index are no object")
  }
}

/// An open index as segments search it.
private struct OpenIndex: CustomSearcher {
  let index: any CustomIndex

  func candidates(
    near vector: [Float], limit: Int, ef: Int, isAllowed: (Int) -> Bool
  ) -> [Int] {
    index.candidates(near: vector, limit: limit, ef: ef, isAllowed: isAllowed)
  }
}
