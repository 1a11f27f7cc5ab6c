import JSONText
import Seamstone
import SeamstoneYAML

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The settings of a collection in a JSON or YAML file: the `Codable` form of `CollectionConfiguration`, a class
/// of Weaviate's, or a configuration of txtai's.
struct SettingsFile {
  private static let maximumLength = 1 << 20

  private var members: [String: PropertyValue] = [:]
  private var path = ""

  init() {}

  /// Reads a file; what it says is checked when it is used.
  static func read(_ path: String) throws -> SettingsFile {
    var settings = SettingsFile()
    settings.path = path
    do {
      let text = try text(path)
      let isYAML = path.hasSuffix(".yml") || path.hasSuffix(".yaml")
      let value = try isYAML ? PropertyValue(yaml: text) : PropertyValue(json: text)
      guard case .object(let members) = value else {
        throw settings.error(isYAML ? "not keys with values" : "not an object in braces")
      }
      settings.members = members
    } catch let error as JSONError {
      throw settings.error(error.description)
    } catch let error as StoreError {
      throw settings.error(error.message)
    }
    return settings
  }

  /// Whether the file is a class of Weaviate's: these name themselves.
  var isClass: Bool { members["class"] != nil }

  /// The name of the class; empty if it is none.
  var className: String {
    if case .string(let name)? = members["class"] { name } else { "" }
  }

  /// Whether the file is a configuration of txtai's.
  var isTxtai: Bool { !isClass && TxtaiConfiguration.describes(members) }

  /// The file as a configuration of txtai's.
  func txtai() throws -> TxtaiConfiguration {
    do throws(StoreError) {
      return try TxtaiConfiguration(members)
    } catch {
      throw ToolError(ExitStatus(error.code), "\(path): \(error.message)", remedy: error.remedy)
    }
  }

  /// The file's text, in one line.
  var json: String { PropertyValue.object(members).json }

  /// What the file says, except where options say otherwise.
  func configuration(
    dimensions: Int?, element: ElementType? = nil, metric: Metric?, index: IndexOptions
  ) throws -> CollectionConfiguration {
    var members = members
    if let dimensions { members["dimensions"] = .int(Int64(dimensions)) }
    if let element { members["element"] = .string(element.rawValue) }
    if let metric { members["metric"] = .string(metric.rawValue) }
    do {
      var result = try PropertyDecoder().decode(
        CollectionConfiguration.self, from: .object(members))
      if let wanted = index.index(from: result.index) { result.index = wanted }
      if let wanted = try index.encoding.encoding(from: result.encoding) {
        result.encoding = wanted
      }
      if let wanted = index.transform { result.transform = wanted }
      return result
    } catch let DecodingError.typeMismatch(_, context),
      let DecodingError.dataCorrupted(context), let DecodingError.keyNotFound(_, context),
      let DecodingError.valueNotFound(_, context)
    {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw error((place.isEmpty ? "" : "\(place): ") + context.debugDescription)
    }
  }

  private func error(_ reason: String) -> ToolError {
    ToolError(.badConfiguration, path.isEmpty ? reason : "\(path): \(reason)")
  }

  private static func text(_ path: String) throws -> String {
    guard let file = unsafe fopen(path, "r") else {
      throw ToolError(.notFound, unsafe "\(path): \(String(cString: strerror(errno)))")
    }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: maximumLength)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    guard unsafe ferror(file) == 0, count < maximumLength else {
      throw ToolError(.badConfiguration, "\(path): cannot be read, or is longer than 1 MiB")
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
