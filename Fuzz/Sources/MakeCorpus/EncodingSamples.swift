import FuzzSamples
import SegmentFiles
import VectorIndexes
import VectorMath

/// Real encodings and changes of real segments, in the forms that the fuzzers read.
enum EncodingSamples {
  /// The encoding of each sample, with a few rows.
  static func encodings() -> [(String, [UInt8])] {
    Sample.all.map { sample in
      let memory = MemorySections()
      let built = sample.build(.flat)
      do { try built.write(to: memory) } catch { fatalError("\(error)") }
      let parameters = memory.copy(.init(rawValue: 0x6D72_6170)) ?? []
      let rows = memory.copy(.init(rawValue: 0x7377_6F72)) ?? []
      // The layout (128 bytes) and the record (32, not there for int8) come first.
      let isInt8 = sample.plan.kind == .int8
      let encoding = isInt8 ? Array(parameters[128..<148]) : Array(parameters.dropFirst(160))
      let number = AnyEncoding.number(of: sample.plan.kind) ?? AnyEncoding.count
      let metrics = Metric.allCases.filter { $0 != .hamming }
      let metric = UInt8(metrics.firstIndex(of: sample.metric) ?? 0)
      let head: [UInt8] = [
        number, metric, UInt8(Sample.dimensions), 0, UInt8(truncatingIfNeeded: encoding.count),
        UInt8(encoding.count >> 8),
      ]
      return (sample.name, head + encoding + rows.prefix(200))
    } + transforms()
  }

  /// A transform of each kind, with vectors.
  private static func transforms() -> [(String, [UInt8])] {
    let plans: [TransformPlan] = [
      .pca(dimensions: 5, seed: 1), .opq(subvectors: 4, dimensions: 8, seed: 1),
    ]
    return plans.map { plan in
      let trained = Sample.values.withUnsafeBufferPointer { values in
        values.baseAddress.flatMap {
          TransformTrainer(plan, metric: .l2Squared, inputs: Sample.dimensions)
            .train($0, count: Sample.count, rows: Sample.count)
        }
      }
      guard let trained else { fatalError("\(plan) cannot be trained") }
      let bytes = Array(trained.bytes)
      let head: [UInt8] = [
        AnyEncoding.count + 1, 0, 0, 0, UInt8(truncatingIfNeeded: bytes.count),
        UInt8(bytes.count >> 8),
      ]
      return ("transform-\(plan)".replacing(":", with: "-"), head + bytes + [7, 200, 33, 90, 12])
    }
  }

  /// Each segment as it is, and with a change of what follows the layout.
  static func indexes() -> [(String, [UInt8])] {
    Sample.all.indices.flatMap { index -> [(String, [UInt8])] in
      let number = UInt8(index * 3 + index % 3)
      let lists = UInt8(index * 3 + 2)
      return [
        ("\(Sample.all[index].name)-centroids", [lists, 3, 40, 0, 1, 0, 0, 1]),
        ("\(Sample.all[index].name)-lists", [lists, 4, 8, 0, 255, 255]),
        ("\(Sample.all[index].name)-parameters", [number, 1, 128, 0, 1]),
        ("\(Sample.all[index].name)-rows", [number, 2, 16, 0, 255, 255, 255, 255]),
      ]
    }
  }
}
