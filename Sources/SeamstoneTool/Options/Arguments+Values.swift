import ArgumentParser
import Seamstone

extension Metric: ExpressibleByArgument {}

extension ElementType: ExpressibleByArgument {}

extension ObjectID: ExpressibleByArgument {
  /// A whole number, a UUID, or any other text; `"42"` in double quotes is a text.
  public init?(argument: String) {
    let id = ObjectID(text: argument)
    guard (try? id.validate()) != nil else { return nil }
    self = id
  }
}

extension PropertyPath: ExpressibleByArgument {
  /// Names divided by dots, none of them empty.
  public init?(argument: String) {
    self.init(argument)
    guard components.allSatisfy({ !$0.isEmpty }) else { return nil }
  }
}

extension VectorTransform: ExpressibleByArgument {
  /// `none`, `pca:D`, `opq:M` or `opq:M:D`.
  public init?(argument: String) { self.init(argument) }
}

/// A list of numbers, divided by commas.
struct VectorArgument: ExpressibleByArgument, Sendable {
  var components: [Float]

  init?(argument: String) {
    var components: [Float] = []
    let trimmed = argument.drop { $0 == "[" || $0 == " " }
    for part in trimmed.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "]" }) {
      guard let component = Float(part), component.isFinite else { return nil }
      components.append(component)
    }
    guard !components.isEmpty else { return nil }
    self.components = components
  }
}

/// Beam widths, divided by commas.
struct BeamList: ExpressibleByArgument, Sendable {
  var beams: [Int]

  init?(argument: String) {
    var beams: [Int] = []
    for part in argument.split(separator: ",") {
      guard let beam = Int(part), beam > 0 else { return nil }
      beams.append(beam)
    }
    guard !beams.isEmpty else { return nil }
    self.beams = beams
  }

  private init(beams: [Int]) { self.beams = beams }

  /// From beams that are just wide enough for ten results to ones that find nearly all.
  static let sweep = BeamList(beams: [16, 32, 64, 128, 256])

  var defaultValueDescription: String { beams.map(String.init).joined(separator: ",") }
}
