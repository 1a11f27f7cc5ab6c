/// Where the engine and the model disagree.
package struct ModelMismatch: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
