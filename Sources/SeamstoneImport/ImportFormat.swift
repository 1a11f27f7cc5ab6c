/// What a file to import is.
///
/// Of indexes the vectors and their ids are taken over; the index itself is built anew, with the configuration of the
/// collection. Indexes that keep codes instead of vectors are refused.
public enum ImportFormat: Sendable, Hashable {
  /// What the name of the file ends in: `fvecs`, `bvecs`, `ivecs`, `npy`, `jsonl`, `jsonl.gz`, `safetensors`,
  /// `hnswlib` or `faiss`. An Annoy file says too little of itself to be recognised.
  case automatic
  /// Rows of an Int32 dimension and that many Float32, little-endian.
  case fvecs
  /// Rows of an Int32 dimension and that many UInt8.
  case bvecs
  /// Rows of an Int32 dimension and that many Int32.
  case ivecs
  /// One NumPy array of rows: float16, float32, float64, int8 or uint8.
  case npy
  /// One JSON object on each line, plain or compressed by gzip: `id`, `vector` and `properties` have a meaning, any
  /// other name is a property itself.
  case jsonLines
  /// One array of rows of a safetensors file: F64, F32, F16, BF16, I32, I8 or U8.
  case safetensors(tensor: String = "data")
  /// What Annoy's `save` writes. Nothing in the file says what it was made with, so that must be said here; the dimensions
  /// may be left to a collection that knows them.
  case annoy(metric: AnnoyMetric, dimensions: Int? = nil)
  /// What `save_index` of hnswlib's `Index` writes.
  case hnswlib
  /// What `faiss.write_index` writes: `Flat`, `IVFx,Flat`, `HNSWm,Flat` and `IVFx_HNSWm,Flat`, alone or in an
  /// `IDMap` or `IDMap2`.
  case faiss

  /// What an Annoy index compares by, as Annoy calls it.
  public enum AnnoyMetric: String, CaseIterable, Sendable {
    case angular, euclidean, manhattan, dot, hamming
  }
}
