import ObjectStorage
import StorageIO
import VectorIndexes
import VectorMath

public indirect enum Filter: Sendable, Codable { case all, equal(String, PropertyValue)
  func matches(_ p: [String: PropertyValue]) -> Bool { if case .equal(let name, let value) = self { p[name] == value } else { true } } }
public struct VectorObject: Sendable, Equatable {
  public var id: ObjectID; public var vector: [Float]?;
  public var properties: [String: PropertyValue]
  public init(id: ObjectID, vector: [Float]?, properties: [String: PropertyValue]) {
    self.id = id; self.vector = vector; self.properties = properties
  }
}
public struct SearchHit<Object: Sendable>: Sendable {
  public var id: ObjectID; public var distance: Float; public var object: Object
}
public enum IndexConfiguration: Sendable, Codable, Equatable {
  case flat, hnsw(m: Int)
  func beam(limit: Int, requested: Int?) -> Int { max(requested ?? 100, limit) }
}
public enum VectorEncoding: String, Sendable, Codable, Equatable { case float32, int8 }
public struct CollectionConfiguration: Sendable, Codable, Equatable {
  public var dimensions: Int?; public var metric: Metric;
  public var index: IndexConfiguration = .hnsw(m: 16); public var encoding: VectorEncoding = .int8
  public init(dimensions: Int? = nil, metric: Metric) {
    self.dimensions = dimensions; self.metric = metric
  }
  func validate() throws(StoreError) {}
  func requireCompatible(with: CollectionConfiguration, name: String) throws(StoreError) {}
}
