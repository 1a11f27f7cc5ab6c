public import StorageIO

/// A faiss index factory string, taken apart: what is done to vectors first, how neighbours are found, how
/// vectors are stored, and what ranks the candidates again.
///
/// Elements are separated by commas, white space around them does not count, letters are case-sensitive:
/// `IVF256,Flat`, `PCA64,IDMap,SQ8`, `OPQ16_64,IVF1024,PQ16x4fs,RFlat`, `BHash8x4`. ``description`` prints the
/// canonical form, which reads back as the same value.
public struct FaissComponents: Hashable, Sendable {
  /// What is done to every vector and query, in this order.
  public var transforms: [Transform] = []
  /// Whether rows have ids of their own (`IDMap`, `IDMap2`). Here they always have.
  public var idMap: IDMap?
  /// How neighbours are found.
  public var kind: Kind
  /// How vectors are stored; `flat` for binary kinds.
  public var code: Code = .flat
  /// What the candidates are ranked by again (`RFlat`, `Refine(…)`); nil for nothing.
  public var refinement: Code?

  /// A map from ids to rows.
  public enum IDMap: String, Hashable, Sendable, CaseIterable {
    /// From rows to ids.
    case oneWay = "IDMap"
    /// In both directions.
    case twoWay = "IDMap2"
  }

  /// Creates components.
  public init(
    transforms: [Transform] = [], idMap: IDMap? = nil, kind: Kind, code: Code = .flat,
    refinement: Code? = nil
  ) {
    self.transforms = transforms
    self.idMap = idMap
    self.kind = kind
    self.code = code
    self.refinement = refinement
  }

  /// Reads a factory string.
  /// - Throws: `invalidConfiguration` with the element that is wrong and why.
  public init(_ text: String) throws(StoreError) {
    do throws(FaissParser.Refusal) {
      self = try FaissParser.parse(text)
    } catch {
      throw StoreError(.invalidConfiguration, "components: \(error.reason)")
    }
  }
}

extension FaissComponents: CustomStringConvertible {
  /// The factory string, in canonical form.
  public var description: String {
    var elements = transforms.map(\.description)
    if let idMap { elements.append(idMap.rawValue) }
    switch kind {
    case .flat: elements.append(code.description)
    case .hnsw:
      elements.append(kind.description)
      if code != .flat { elements.append(code.description) }
    case .ivf: elements += [kind.description, code.description]
    case .binaryFlat, .binaryIVF, .binaryHNSW, .binaryHash: elements.append(kind.description)
    }
    if let refinement {
      elements.append(refinement == .flat ? "RFlat" : "Refine(\(refinement))")
    }
    return elements.joined(separator: ",")
  }
}
