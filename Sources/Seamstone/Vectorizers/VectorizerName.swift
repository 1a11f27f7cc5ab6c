/// Names of vectorizers in configurations.
enum VectorizerName {
  /// What stands for no vectorizer.
  static let none = "none"
}
