public import ObjectStorage
public import StorageIO
import Yams

extension PropertyValue {
  /// Reads a YAML text that is one document, as PyYAML reads it: `yes` and `on` are true, `~` is null, what is
  /// in quotes is a text.
  ///
  /// Dates are texts. What could make a small text large or deep is refused: a text of more than 64 KiB,
  /// more than 16 aliases, values nested deeper than ``PropertyValue/maximumDepth``.
  /// - Throws: `invalidConfiguration` with the line.
  public init(yaml text: String) throws(StoreError) {
    try YAMLGuard.check(text)
    let root: Node?
    do {
      root = try Yams.Parser(yaml: text, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw YAMLReader.refusal(error.reason)
    } catch {
      throw YAMLReader.refusal("\(error)")
    }
    guard let root else { throw YAMLReader.refusal("there is nothing in it") }
    var reader = YAMLReader()
    self = try reader.value(of: root, depth: 0)
  }
}
