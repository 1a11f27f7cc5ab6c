import ArgumentParser
import JSONText
import Seamstone

/// What a configuration file becomes.
struct ConfigurationReport {
  /// Whose words the file uses: `txtai`, `weaviate` or `seamstone`.
  private var format: String
  private var plan: TxtaiPlan?
  /// The settings with what they become.
  private(set) var settings: [TxtaiSetting] = []
  private(set) var notes: [String] = []
  /// Why it cannot be used; empty if it can.
  private(set) var problems: [String] = []
  /// The collection that it makes; nil if it makes none.
  private(set) var configuration: CollectionConfiguration?

  init(_ file: SettingsFile, count: Int, dimensions: Int?) throws {
    format = file.isClass ? "weaviate" : file.isTxtai ? "txtai" : "seamstone"
    do {
      if file.isClass {
        try read(WeaviateClass(json: file.json), dimensions: dimensions)
      } else if file.isTxtai {
        try read(file.txtai(), count: count, dimensions: dimensions)
      } else {
        let options = try IndexOptions.parse([])
        configuration = try file.configuration(
          dimensions: dimensions, metric: nil, index: options)
        problems = configuration?.problems ?? []
      }
    } catch let error as StoreError {
      problems.append(error.message)
    } catch let error as ToolError where error.status == .badConfiguration {
      problems.append(error.message)
    }
  }

  private mutating func read(_ definition: WeaviateClass, dimensions: Int?) throws {
    notes = definition.notes
    if case .object(let members) = try PropertyValue(json: definition.json) {
      settings = ConfigurationReport.settings(members, "")
    }
    configuration = try definition.collectionConfiguration(dimensions: dimensions)
  }

  private mutating func read(
    _ txtai: TxtaiConfiguration, count: Int, dimensions: Int?
  ) throws {
    let plan = txtai.plan(count: count, dimensions: dimensions)
    self.plan = plan
    (settings, notes) = (plan.settings, plan.notes)
    configuration = try plan.configuration()
  }

  /// Every member with its value, those of objects too.
  private static func settings(
    _ members: [String: PropertyValue], _ prefix: String
  ) -> [TxtaiSetting] {
    members.keys.sorted().flatMap { name -> [TxtaiSetting] in
      switch members[name] {
      case .object(let inner)?: settings(inner, "\(prefix)\(name).")
      case let value?: [TxtaiSetting(name: prefix + name, value: value.json, effect: "")]
      case nil: []
      }
    }
  }

  // MARK: - Output

  var document: JSONDocument {
    .object([
      ("format", .string(format)), ("ok", .bool(problems.isEmpty)),
      ("backend", .optional(plan?.backend) { .string($0) }),
      ("components", .optional(plan?.components) { .string("\($0)") }),
      ("kind", .optional(plan?.kind) { .string("\($0)") }),
      ("element", .optional(plan?.element) { .string("\($0)") }),
      ("transforms", .array((plan?.transforms ?? []).map { .string("\($0)") })),
      (
        "settings",
        .array(
          settings.map {
            .object([
              ("name", .string($0.name)), ("value", .string($0.value)),
              ("becomes", .string($0.effect)),
            ])
          })
      ),
      ("notes", .array(notes.map { .string($0) })),
      ("problems", .array(problems.map { .string($0) })),
      ("configuration", .optional(configuration) { Describe.document($0) }),
    ])
  }

  /// Prints tables, and messages about what is wrong.
  func show(_ file: String) {
    if !settings.isEmpty {
      var table = TextTable([("setting", .left), ("value", .left), ("becomes", .left)])
      for setting in settings { table.append([setting.name, setting.value, setting.effect]) }
      table.show()
      StandardOutput.line()
    }
    if let plan { StandardOutput.line("kind: \(plan.kind)") }
    if let configuration {
      let size = configuration.dimensions.map { "\($0)" } ?? "set by the first write"
      StandardOutput.line("dimensions: \(size)")
      StandardOutput.line("metric: \(configuration.metric)")
      StandardOutput.line("index: \(Describe.index(configuration.index))")
      StandardOutput.line("encoding: \(configuration.encoding)")
      StandardOutput.line("transform: \(configuration.transform)")
    }
    for note in notes { StandardOutput.line("note: \(note)") }
    for problem in problems {
      Console.error(problem.hasPrefix(file) ? problem : "\(file): \(problem)", remedy: nil)
    }
  }
}
