import StorageIO
import VectorMath

/// What a kind of index adds to the building of a segment: it looks at the originals while they are encoded,
/// chooses the order of rows, and writes sections of its own.
///
/// One thread makes the calls, one after the other, but for `look`.
protocol KindBuild: AnyObject, Sendable {
  /// Looks at some originals of the element type as they are encoded, one of them every `wordsPerVector` words of 32
  /// bits in memory. Called on several threads at once, for other vectors each time; in no particular order, so what
  /// is made of them must not depend on it. `places` are the places of their rows, before any are dropped.
  func look(at vectors: UnsafePointer<Float>, wordsPerVector: Int, places: ArraySlice<Int>)

  /// Builds once all rows are encoded. Vanished vectors have no row: `kept` names the places that are left,
  /// in order; nil if all are. Returns the rows in their final order.
  func finish(_ rows: EncodedRows, kept: [UInt32]?) throws(StoreError) -> [UInt32]

  /// Writes the kind's sections, at least `kind`. `order` is what `finish` returned.
  func write(_ segment: BuiltSegment, to sink: any SectionSink) throws(StoreError)

  /// What other segments of the collection may use as well; nil for nothing.
  var artifact: SharedArtifact? { get }
}

extension KindBuild {
  var artifact: SharedArtifact? { nil }
}

/// Something trained that the segments of a collection share: it is kept beside them under its name.
package struct SharedArtifact: Sendable, Equatable {
  /// Names it: a hash of what it was made from.
  package let identifier: UInt64
  /// The artifact.
  package let bytes: [UInt8]

  /// Names bytes.
  package init(identifier: UInt64, bytes: [UInt8]) {
    self.identifier = identifier
    self.bytes = bytes
  }
}

extension SharedArtifact {
  /// A transform.
  init(_ transform: LinearTransform) {
    self.init(identifier: transform.identifier, bytes: Array(transform.bytes))
  }
}

extension SegmentBuilder {
  /// What the kind adds to this build; `nil` for flat segments and graphs.
  func kindBuild(
    _ source: any VectorSource, _ state: inout BuildState
  ) throws(StoreError) -> (any KindBuild)? {
    switch kind {
    case .flat, .hnsw: return nil
    case .annoy(let parameters): return AnnoyBuild(parameters, self)
    case .custom(let parameters):
      return try CustomBuild(parameters, self, count: source.docIDs.count)
    case .ivf(let parameters): return try IVFBuild(self, parameters, source, &state)
    case .hash(let parameters): return try HashBuild(self, parameters)
    }
  }
}
