import StorageIO
import TestSupport
import VectorFiles

/// Reads any bytes as a file to import.
///
/// Strategy: the first byte chooses the format (and of Annoy the metric) and by its highest bit whether rows have to be
/// bytes, the second the dimensions that are expected, the rest is the file; the seeds are files that the tools
/// themselves wrote.
/// Invariants: the file is refused with a reason, or gives rows of one length with finite components (bytes, where these
/// are wanted), as many as it says, and as many by ones as by hundreds; there is never more in the rows than the file
/// has room for.
enum ImportTarget {
  /// Formats by number; the fuzzer's seeds count on the order.
  static let formats: [(format: VectorFileFormat, metric: AnnoyMetric?)] =
    [.fvecs, .bvecs, .ivecs, .npy, .jsonl, .jsonlGzip, .safetensors, .hnswlib, .faiss]
    .map { ($0, nil) } + AnnoyMetric.allCases.map { (.annoy, $0) }

  private static let folder: TemporaryDirectory = {
    do { return try TemporaryDirectory(in: TemporaryDirectory.inMemory) } catch {
      fatalError("\(error)")
    }
  }()

  static let check: @Sendable ([UInt8]) -> Void = { bytes in
    guard bytes.count >= 2 else { return }
    let (format, metric) = formats[Int(bytes[0] & 0x7F) % formats.count]
    var options = VectorFileOptions(
      expectedDimensions: bytes[1] == 0 ? nil : Int(bytes[1]), maximumLineLength: 1 << 16,
      holdsBytes: bytes[0] & 0x80 != 0)
    options.annoyMetric = metric
    let path = folder.file("input")
    write(Array(bytes.dropFirst(2)), to: path)
    options.batchRows = 100
    let many = rows(path, format, options)
    options.batchRows = 1
    guard rows(path, format, options) == many else { fatalError("other rows one by one") }
    // Each row takes a byte at least; gzip makes a thousand bytes of one.
    let most = format == .jsonlGzip || format == .jsonl ? bytes.count * 1_100 : bytes.count
    guard many <= most else { fatalError("\(many) rows in \(bytes.count) bytes") }
  }

  private static func write(_ bytes: [UInt8], to path: String) {
    do throws(StoreError) {
      let file = try PosixFileSystem().createFile(path, truncating: true)
      try bytes.withRawBytes { raw throws(StoreError) in try file.append(raw) }
      try file.close()
    } catch {
      fatalError("\(error)")
    }
  }

  /// How many rows come before the end or an error.
  private static func rows(
    _ path: String, _ format: VectorFileFormat, _ options: VectorFileOptions
  ) -> Int {
    var count = 0
    do throws(VectorFileError) {
      let reader = try VectorFileReader(path: path, format: format, options: options)
      while let batch = try reader.nextBatch() {
        guard batch.firstRow == count, batch.rowCount <= options.batchRows,
          batch.ids.isEmpty || batch.ids.count == batch.rowCount
        else { fatalError("a batch of \(batch.rowCount) rows from \(batch.firstRow)") }
        for row in 0..<batch.rowCount {
          guard let vector = batch.vector(row) else { continue }
          guard vector.count == batch.dimensions, vector.allSatisfy(\.isFinite),
            !options.holdsBytes || vector.allSatisfy({ UInt8(exactly: $0) != nil })
          else { fatalError("row \(row) is \(vector)") }
        }
        count += batch.rowCount
      }
      if let promised = reader.rowCount, promised != count {
        fatalError("\(promised) rows were promised, there are \(count)")
      }
    } catch {
      guard [.data, .dimensions].contains(error.kind), !error.reason.isEmpty else {
        fatalError("refused with \(error)")
      }
    }
    return count
  }
}
