import ArgumentParser
import JSONText
import Seamstone

/// `get`: objects by their ids.
struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Print objects by their ids; exit code 1 if one is missing.")

  @OptionGroup var place: CollectionArguments

  @Argument(help: "The ids: whole numbers, UUIDs or any text.")
  var ids: [ObjectID]

  @OptionGroup var output: JSONOption

  func run() throws {
    let store = try place.location.openForReading()
    defer { store.close() }
    let objects = try store.collection(place.collection).get(ids)
    let missing = zip(ids, objects).filter { $0.1 == nil }.map(\.0.description)
    if output.isJSON {
      JSONDocument.object([
        ("objects", .array(objects.map { .optional($0, GetCommand.document) }))
      ]).show()
    } else {
      for object in objects.compactMap({ $0 }) { show(object) }
    }
    guard missing.isEmpty else {
      Console.message("Not found: \(missing.joined(separator: ", "))")
      throw QuietExit(status: .problemsFound)
    }
  }

  /// Packed bits as an array of bytes, as files of JSON have them.
  private static func document(_ value: VectorValue) -> JSONDocument {
    switch value {
    case .floats(let components): .vector(components)
    case .bits(let bytes): .array(bytes.map { .int(Int($0)) })
    }
  }

  private static func document(_ object: VectorObject) -> JSONDocument {
    .object([
      ("id", .id(object.id)), ("vector", .optional(object.value, Self.document)),
      ("properties", .properties(object.properties)),
    ])
  }

  private func show(_ object: VectorObject) {
    StandardOutput.line("id: \(object.id)")
    for (name, value) in object.properties.sorted(by: { $0.key < $1.key }) {
      StandardOutput.line("  \(name): \(value.json)")
    }
    switch object.value {
    case nil: break
    case .floats(let components): show("vector", components, "\(components.count) dimensions")
    case .bits(let bytes): show("bits", bytes, "\(bytes.count * 8) dimensions, packed")
    }
  }

  private func show(_ name: String, _ components: [some CustomStringConvertible], _ size: String) {
    let start = components.prefix(6).map { "\($0)" }.joined(separator: ", ")
    StandardOutput.line("  \(name): [\(start)\(components.count > 6 ? ", …" : "")] (\(size))")
  }
}
