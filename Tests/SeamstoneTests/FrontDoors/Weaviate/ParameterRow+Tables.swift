/// The rows themselves, by index type.
extension ParameterRow {
  private static let metrics =
    #"unrecognized distance metric "euclid", must be one of cosine, dot, l2-squared, manhattan, hamming"#
  private static let anyDistance = ["cosine", "dot", "l2-squared", "manhattan", "hamming"]
    .map { "\"\($0)\"" }
  private static let distanceChange = Change.immutable(
    #""dot""#, #"distance is immutable: attempted change from "cosine" to "dot""#)

  static let hnsw: [ParameterRow] = [
    ParameterRow(
      path: "distance", usual: #""cosine""#, accepted: anyDistance,
      refused: [(#""euclid""#, metrics), ("3", "distance is 3; it must be a text")],
      change: distanceChange),
    ParameterRow(
      path: "maxConnections", usual: "32", accepted: ["4", "64", "2047", "64.0"],
      refused: [
        ("3", "maxConnections is 3; it must be a positive integer with minimum of 4"),
        ("2048", "must be less than 2048"), ("-1", "maxConnections is -1"),
      ] + notWhole("maxConnections"),
      change: .immutable(
        "16", #"maxConnections is immutable: attempted change from "32" to "16""#)),
    ParameterRow(
      path: "efConstruction", usual: "128", accepted: ["4", "512"],
      refused: [("3", "efConstruction is 3; it must be a positive integer with minimum of 4")]
        + notWhole("efConstruction"),
      change: .immutable(
        "64", #"efConstruction is immutable: attempted change from "128" to "64""#)),
    ParameterRow(
      path: "ef", usual: "-1", accepted: ["-1", "1", "100"],
      refused: [("0", "ef is 0; it must be -1 (dynamic) or 1 to"), ("-2", "ef is -2")]
        + notWhole("ef"), change: .live("77")),
    ParameterRow(
      path: "dynamicEfMin", usual: "100", accepted: ["1", "500"],
      refused: [("0", "dynamicEfMin is 0"), ("501", "(501) is larger than dynamicEfMax (500)")]
        + notWhole("dynamicEfMin"), change: .live("50")),
    ParameterRow(
      path: "dynamicEfMax", usual: "500", accepted: ["100", "1000"],
      refused: [("99", "(100) is larger than dynamicEfMax (99)"), ("0", "dynamicEfMax is 0")]
        + notWhole("dynamicEfMax"), change: .live("600")),
    ParameterRow(
      path: "dynamicEfFactor", usual: "8", accepted: ["1", "16"],
      refused: [("0", "dynamicEfFactor is 0")] + notWhole("dynamicEfFactor"), change: .live("4")),
    ParameterRow(
      path: "flatSearchCutoff", usual: "40000", accepted: ["0", "1000000"],
      refused: [("-1", "flatSearchCutoff is -1; it must be 0 or more")]
        + notWhole("flatSearchCutoff"), change: .live("0")),
    ParameterRow(
      path: "filterStrategy", usual: #""acorn""#, accepted: [#""acorn""#, #""sweeping""#],
      refused: [
        (#""sweep""#, "filterStrategy must be either 'sweeping' or 'acorn', not 'sweep'"),
        ("null0", "not valid JSON"), ("1", "filterStrategy is 1; it must be a text"),
      ].filter { $0.0 != "null0" }, change: .live(#""sweeping""#)),
    ParameterRow(
      path: "cleanupIntervalSeconds", usual: "300", accepted: ["0", "-1", "60"],
      refused: notWhole("cleanupIntervalSeconds"), change: .live("10")),
    ParameterRow(
      path: "vectorCacheMaxObjects", usual: "1000000000000", accepted: ["0", "-1", "500000"],
      refused: notWhole("vectorCacheMaxObjects").filter { $0.0 != "1e30" }, change: .live("7")),
    ParameterRow(
      path: "skip", usual: "false", accepted: ["true", "false"], refused: notFlag("skip"),
      change: .immutable("true", #"skip is immutable: attempted change from "false" to "true""#)),
    ParameterRow(
      path: "multivector.enabled", accepted: ["false"],
      refused: [("true", "multi vector index is not supported")]),
    ParameterRow(
      path: "multivector", accepted: [#"{"enabled":false,"muvera":{"enabled":false,"ksim":4}}"#],
      refused: notObject("multivector")),
    ParameterRow(
      path: "skipDefaultQuantization", accepted: ["true", "false"],
      refused: notFlag("skipDefaultQuantization"), change: .live("true")),
    ParameterRow(
      path: "trackDefaultQuantization", accepted: ["true"],
      refused: notFlag("trackDefaultQuantization"), change: .live("true")),
    ParameterRow(path: "efs", refused: [("3", "(Did you mean \"ef\"?)")]),
  ]

  static let compression: [ParameterRow] = [
    ParameterRow(
      path: "pq", refused: notObject("pq") + [(#"{"segment":1}"#, "Did you mean \"segments\"?")]),
    ParameterRow(
      path: "pq.enabled", usual: "false", accepted: ["true"], refused: notFlag("pq.enabled"),
      change: .live("true")),
    ParameterRow(
      path: "pq.segments", usual: "0", accepted: ["1", "96"],
      refused: [("-1", "pq segments must be non-negative")] + notWhole("pq.segments"),
      change: .live("2"), beside: #"{"pq":{"enabled":true}}"#),
    ParameterRow(
      path: "pq.centroids", usual: "256", accepted: ["2", "255"],
      refused: [
        ("257", "centroids should not be higher than 256. Attempting to use 257"),
        ("1", "pq.centroids is 1; it must be 2 to 256"),
      ] + notWhole("pq.centroids").filter { $0.0 != #""64""# }, change: .live("16")),
    ParameterRow(
      path: "pq.trainingLimit", usual: "100000", accepted: ["256", "5000"],
      refused: [("255", "less than the 256 centroids: not enough data to fit k-means")]
        + notWhole("pq.trainingLimit"), change: .live("5000")),
    ParameterRow(
      path: "pq.encoder", refused: notObject("pq.encoder")),
    ParameterRow(
      path: "pq.encoder.type", usual: #""kmeans""#, accepted: [#""kmeans""#, #""tile""#],
      refused: [(#""k-means""#, "invalid encoder type k-means"), ("1", "pq.encoder.type is 1")],
      change: .live(#""tile""#)),
    ParameterRow(
      path: "pq.encoder.distribution", usual: #""log-normal""#,
      accepted: [#""normal""#, #""log-normal""#],
      refused: [(#""uniform""#, "invalid encoder distribution uniform")],
      change: .live(#""normal""#)),
    ParameterRow(
      path: "pq.bitCompression", usual: "false", accepted: ["true"],
      refused: notFlag("pq.bitCompression"), change: .live("true")),
    ParameterRow(
      path: "pq.centroids", refused: [("48", "the encoder tile needs a power of two")],
      beside: #"{"pq":{"encoder":{"type":"tile"}}}"#),
    ParameterRow(
      path: "sq.enabled", usual: "false", accepted: ["true"], refused: notFlag("sq.enabled"),
      change: .live("true")),
    ParameterRow(
      path: "sq.trainingLimit", usual: "100000", accepted: ["1", "5000"],
      refused: [("0", "sq.trainingLimit is 0")] + notWhole("sq.trainingLimit"),
      change: .live("5000")),
    ParameterRow(
      path: "sq.rescoreLimit", usual: "20", accepted: ["0", "200"],
      refused: [("-1", "sq.rescoreLimit is -1")] + notWhole("sq.rescoreLimit"),
      change: .live("100"), beside: #"{"sq":{"enabled":true}}"#),
    ParameterRow(
      path: "bq.enabled", usual: "false", accepted: ["true"], refused: notFlag("bq.enabled"),
      change: .live("true")),
    ParameterRow(
      path: "bq.rescoreLimit", accepted: ["0", "7"], refused: notWhole("bq.rescoreLimit"),
      change: .live("9"), beside: #"{"bq":{"enabled":true}}"#),
    ParameterRow(
      path: "rq.enabled", usual: "false", accepted: ["true"], refused: notFlag("rq.enabled"),
      change: .live("true")),
    // What was enabled can be disabled: vectors are encoded anew.
    ParameterRow(path: "pq.enabled", change: .live("false"), beside: #"{"pq":{"enabled":true}}"#),
    ParameterRow(path: "sq.enabled", change: .live("false"), beside: #"{"sq":{"enabled":true}}"#),
    ParameterRow(path: "bq.enabled", change: .live("false"), beside: #"{"bq":{"enabled":true}}"#),
    ParameterRow(path: "rq.enabled", change: .live("false"), beside: #"{"rq":{"enabled":true}}"#),
    ParameterRow(path: "rq.bits", change: .live("1")),
    ParameterRow(path: "pq.rescoreLimit", refused: [("3", "unknown key")]),
    ParameterRow(
      path: "rq.bits", usual: "8", accepted: ["8", "4", "1"],
      refused: [("2", "RQ bits must be 8, 4 or 1")] + notWhole("rq.bits"),
      change: .immutable("4", #"rq bits is immutable: attempted change from "8" to "4""#),
      beside: #"{"rq":{"enabled":true}}"#),
    ParameterRow(
      path: "rq.rescoreLimit", usual: "20", accepted: ["0", "50"],
      refused: [("-1", "rq.rescoreLimit is -1")] + notWhole("rq.rescoreLimit"),
      change: .live("40"), beside: #"{"rq":{"enabled":true}}"#),
    ParameterRow(
      path: "rq.rescoreLimit", usual: "512", accepted: ["20"], beside: #"{"rq":{"bits":1}}"#),
    ParameterRow(
      path: "bq.enabled", refused: [("true", "more than a single compression methods enabled")],
      beside: #"{"pq":{"enabled":true}}"#),
    ParameterRow(
      path: "rq.enabled", refused: [("true", "more than a single compression methods enabled")],
      beside: #"{"sq":{"enabled":true}}"#),
  ]

  static let flat: [ParameterRow] = [
    ParameterRow(
      type: "flat", path: "distance", usual: #""cosine""#, accepted: anyDistance,
      refused: [(#""euclid""#, metrics)], change: distanceChange),
    ParameterRow(
      type: "flat", path: "vectorCacheMaxObjects", usual: "1000000000000", accepted: ["5"],
      refused: [(#""5""#, "vectorCacheMaxObjects is the text")], change: .live("7")),
    ParameterRow(
      type: "flat", path: "bq.enabled", usual: "false", accepted: ["true"],
      refused: notFlag("bq.enabled"),
      change: .immutable("true", #"bq is immutable: attempted change from "false" to "true""#)),
    ParameterRow(
      type: "flat", path: "bq.rescoreLimit", usual: "-1", accepted: ["0", "200"],
      refused: [("-2", "bq.rescoreLimit is -2")], change: .live("50"),
      beside: #"{"bq":{"enabled":true}}"#),
    ParameterRow(
      type: "flat", path: "bq.cache", usual: "false", accepted: ["true"], change: .live("true"),
      beside: #"{"bq":{"enabled":true}}"#),
    ParameterRow(
      type: "flat", path: "bq.cache",
      refused: [("true", "not possible to use the cache without compression")]),
    ParameterRow(
      type: "flat", path: "rq.enabled", usual: "false", accepted: ["true"],
      change: .immutable("true", #"rq is immutable: attempted change from "false" to "true""#)),
    ParameterRow(
      type: "flat", path: "rq.rescoreLimit", usual: "-1", accepted: ["20"],
      refused: [("1.5", "rq.rescoreLimit is 1.5")], change: .live("50"),
      beside: #"{"rq":{"enabled":true}}"#),
    ParameterRow(
      type: "flat", path: "rq.cache", usual: "false",
      refused: [("true", "not possible to use the cache without compression")]),
    ParameterRow(
      type: "flat", path: "rq.bits", usual: "8", accepted: ["1"],
      refused: [("4", "RQ bits must be either 1 or 8")],
      change: .immutable("1", #"rq.bits is immutable: attempted change from "8" to "1""#),
      beside: #"{"rq":{"enabled":true}}"#),
    ParameterRow(
      type: "flat", path: "bq.enabled",
      change: .immutable("false", #"bq is immutable: attempted change from "true" to "false""#),
      beside: #"{"bq":{"enabled":true}}"#),
    ParameterRow(
      type: "flat", path: "rq.enabled",
      change: .immutable("false", #"rq is immutable: attempted change from "true" to "false""#),
      beside: #"{"rq":{"enabled":true}}"#),
    ParameterRow(
      type: "flat", path: "rq.cache", accepted: ["true"], refused: notFlag("rq.cache"),
      change: .live("true"), beside: #"{"rq":{"enabled":true}}"#),
    ParameterRow(
      type: "flat", path: "pq.cache", usual: "false",
      refused: [("true", "not possible to use the cache without compression")]),
    ParameterRow(
      type: "flat", path: "sq.cache", usual: "false",
      refused: [("true", "not possible to use the cache without compression")]),
    ParameterRow(
      type: "flat", path: "pq.enabled", usual: "false",
      refused: [("true", "PQ is not currently supported for flat indices")]),
    ParameterRow(
      type: "flat", path: "sq.enabled", usual: "false",
      refused: [("true", "SQ is not currently supported for flat indices")]),
    ParameterRow(
      type: "flat", path: "rq.enabled",
      refused: [("true", "cannot enable multiple quantization methods at the same time")],
      beside: #"{"bq":{"enabled":true}}"#),
    ParameterRow(
      type: "flat", path: "ef", refused: [("3", "unknown key \"ef\"")]),
  ]

  static let dynamic: [ParameterRow] = [
    ParameterRow(
      type: "dynamic", path: "distance", usual: #""cosine""#, accepted: anyDistance,
      refused: [(#""euclid""#, metrics)], change: distanceChange),
    ParameterRow(
      type: "dynamic", path: "threshold", usual: "10000", accepted: ["0", "500"],
      refused: [("-1", "threshold is -1; it must be 0 to 2^31 - 1")] + notWhole("threshold"),
      change: .live("20000")),
    ParameterRow(
      type: "dynamic", path: "hnsw.ef", usual: "-1", accepted: ["64"],
      refused: [("0", "ef is 0"), (#""1""#, "hnsw.ef is the text")], change: .live("9")),
    ParameterRow(
      type: "dynamic", path: "hnsw.maxConnections", usual: "32", accepted: ["64"],
      refused: [("3", "hnsw.maxConnections is 3")],
      change: .immutable(
        "16", #"maxConnections is immutable: attempted change from "32" to "16""#)),
    ParameterRow(
      type: "dynamic", path: "hnsw.multivector.enabled", accepted: ["false"],
      refused: [("true", "multi vector index is not supported for dynamic index")]),
    ParameterRow(
      type: "dynamic", path: "flat.rq.bits", usual: "8",
      refused: [("4", "RQ bits must be either 1 or 8")]),
    ParameterRow(
      type: "dynamic", path: "hnsw.distance",
      refused: [(#""dot""#, #"hnsw.distance is "dot", but distance is "cosine""#)]),
    ParameterRow(
      type: "dynamic", path: "flat.pq.enabled",
      refused: [("true", "PQ is not currently supported for flat indices")]),
  ]

  /// What holds for `hnsw` and `flat` holds for the parts of `dynamic`; their distance is that of the whole.
  static let parts =
    (hnsw + compression).filter { $0.path != "distance" }.map { $0.within("hnsw") }
    + flat.filter { $0.path != "distance" && $0.path != "ef" }.map { $0.within("flat") }

  static let all = hnsw + compression + flat + dynamic + parts
}
