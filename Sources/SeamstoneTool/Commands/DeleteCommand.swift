import ArgumentParser
import Seamstone

/// `delete`: removes objects by their ids.
struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete objects by their ids; all or none.",
    discussion: "Ids that do not exist are passed over.")

  @OptionGroup var place: CollectionArguments

  @Argument(help: "The ids: whole numbers, UUIDs or any text.")
  var ids: [ObjectID]

  @OptionGroup var output: JSONOption

  func run() throws {
    let store = try place.location.openForWriting(background: false)
    defer { store.close() }
    let deleted = try store.collection(place.collection).delete(ids: ids)
    if output.isJSON {
      JSONDocument.object([("deleted", .int(deleted))]).show()
    } else {
      Console.message("Deleted \(Format.plural(deleted, "object"))")
    }
  }
}
