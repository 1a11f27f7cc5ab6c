import JSONText
import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The settings of a collection in a JSON file: `dimensions`, `metric`, `index`, `m`, `encoding`.
struct SettingsFile {
  private static let names = ["dimensions", "encoding", "index", "m", "metric"]
  private static let maximumLength = 1 << 20

  private var members: [String: PropertyValue] = [:]
  private var path = ""

  init() {}

  /// Reads a file; what it says is checked when it is used.
  static func read(_ path: String) throws -> SettingsFile {
    guard !path.hasSuffix(".yml"), !path.hasSuffix(".yaml") else {
      throw ToolError(
        .badConfiguration, "\(path): YAML is not read yet", remedy: "Give a JSON file")
    }
    var settings = SettingsFile()
    settings.path = path
    do {
      guard case .object(let members) = try PropertyValue(json: try text(path)) else {
        throw settings.error("not an object in braces")
      }
      settings.members = members
    } catch let error as JSONError {
      throw settings.error(error.description)
    }
    let unknown = settings.members.keys.filter { !names.contains($0) }.sorted()
    guard unknown.isEmpty else {
      throw ToolError(
        .badConfiguration, "\(path): unknown \(unknown.joined(separator: ", "))",
        remedy: "Known are \(names.joined(separator: ", "))")
    }
    return settings
  }

  /// What the file says, except where options say otherwise.
  func configuration(
    dimensions: Int?, metric: Metric?, index: IndexOptions
  ) throws -> CollectionConfiguration {
    var result = CollectionConfiguration(
      dimensions: try dimensions ?? integer("dimensions"),
      metric: try metric ?? choice("metric", Metric.init(rawValue:)) ?? .cosine)
    var options = index
    options.kind = try index.kind ?? choice("index", IndexChoice.init(rawValue:))
    options.links = try index.links ?? integer("m")
    options.encoding = try index.encoding ?? choice("encoding", VectorEncoding.init(rawValue:))
    if let wanted = options.index(from: result.index) { result.index = wanted }
    if let wanted = options.encoding { result.encoding = wanted }
    return result
  }

  private func integer(_ name: String) throws -> Int? {
    guard let value = members[name] else { return nil }
    guard case .int(let number) = value else {
      throw error("\(name) is \(value.json), not a whole number")
    }
    return Int(number)
  }

  private func choice<Value>(_ name: String, _ make: (String) -> Value?) throws -> Value? {
    guard let value = members[name] else { return nil }
    guard case .string(let text) = value, let made = make(text) else {
      throw error("\(value.json) is not a known \(name)")
    }
    return made
  }

  private func error(_ reason: String) -> ToolError {
    ToolError(.badConfiguration, "\(path): \(reason)")
  }

  private static func text(_ path: String) throws -> String {
    guard let file = fopen(path, "r") else {
      throw ToolError(.notFound, "\(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: maximumLength)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0, count < maximumLength else {
      throw ToolError(.badConfiguration, "\(path): cannot be read, or is longer than 1 MiB")
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
