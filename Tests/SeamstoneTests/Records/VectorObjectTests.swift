import Seamstone
import Testing

@Suite struct VectorObjectTests {
  @Test(
    "An object is printed in one line, its vector cut",
    arguments: [
      (VectorObject(id: 7, vector: nil), "7 without a vector {}"),
      (VectorObject(id: "a", vector: [0.5, 1], properties: ["n": 1]), #"a [0.5, 1.0] {"n":1}"#),
      (
        VectorObject(
          id: "a", vector: [Float](repeating: 2, count: 384), properties: ["b": "x", "a": [1.5]]),
        #"a [2.0, 2.0, 2.0, … 384] {"a":[1.5],"b":"x"}"#
      ),
    ])
  func description(object: VectorObject, printed: String) {
    #expect("\(object)" == printed)
    #expect("\(SearchHit(id: object.id, distance: 1, object: object))".contains(printed))
  }
}
