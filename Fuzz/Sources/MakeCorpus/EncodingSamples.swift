import FuzzSamples
import SegmentFiles
import VectorIndexes
import VectorMath

/// Real encodings and changes of real segments, in the forms that the fuzzers read.
enum EncodingSamples {
  /// The encoding of each sample, with a few rows.
  static func encodings() -> [(String, [UInt8])] {
    Sample.all.filter { $0.plan != .bits }.map { sample in
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

  /// A change of each section of some segment of every sample.
  static func indexes() -> [(String, [UInt8])] {
    var first = 0
    return Sample.all.enumerated().flatMap { index, sample -> [(String, [UInt8])] in
      // The segments of the fuzzer are those of all samples, one after another.
      defer { first += sample.kinds(custom: "").count }
      let any = UInt8(first + index % 3)
      let own = UInt8(first + 2)
      let lists: (String, [UInt8]) =
        sample.plan == .bits
        ? ("\(sample.name)-buckets", [own, 9, 8, 0, 255, 255])
        : ("\(sample.name)-lists", [own, 4, 8, 0, 255, 255])
      return [
        lists, ("\(sample.name)-centroids", [own, 3, 40, 0, 1, 0, 0, 1]),
        ("\(sample.name)-parameters", [any, 1, 128, 0, 1]),
        ("\(sample.name)-rows", [any, 2, 16, 0, 255, 255, 255, 255]),
      ]
    }
  }

  /// What builds have trained, after the byte that chooses its form: centroids, also of other sizes, which no segment
  /// of the fuzzer can use, and transforms.
  static func artifacts() -> [(String, [UInt8])] {
    let metrics = Metric.allCases.filter { $0 != .hamming }
    return metrics.enumerated().flatMap { number, metric -> [(String, [UInt8])] in
      guard let sample = Sample.all.first(where: { $0.metric == metric && $0.plan == .int8 })
      else { return [] }
      var samples = [6, 5, 20].compactMap { lists in
        sample.build(.ivf(.init(lists: lists))).artifacts.first.map {
          ("\(metric)-centroids-\(lists)", [UInt8(number)] + $0.bytes)
        }
      }
      if Sample.transform.failure(inputs: Sample.dimensions, metric: metric) == nil,
        let artifact = sample.build(.flat, transform: Sample.transform).artifacts.first
      {
        samples.append(("\(metric)-transform", [UInt8(metrics.count + number)] + artifact.bytes))
      }
      return samples
    }
  }
}
