import StorageIO

/// One layer under construction. Rows have more slots than the final degree, so that a node is
/// pruned once in several back links instead of at each.
final class BuildLayer: @unchecked Sendable {
  // Sendable: within a parallel region every row is written by one worker.

  let count: Int
  /// Most links in the finished layer.
  let degree: Int
  /// Slots of a row while building.
  let slots: Int
  let links: UnsafeMutablePointer<UInt32>
  let degrees: UnsafeMutablePointer<UInt16>
  private let linkMemory: AnonymousMemory
  private let degreeMemory: AnonymousMemory

  init(count: Int, degree: Int, slots: Int) throws(StoreError) {
    self.count = count
    self.degree = degree
    self.slots = slots
    linkMemory = try AnonymousMemory(count: count * slots * 4, purpose: "a graph's links")
    degreeMemory = try AnonymousMemory(count: count * 2, purpose: "a graph's degrees")
    links = linkMemory.bound(to: UInt32.self)
    degrees = degreeMemory.bound(to: UInt16.self)
    links.update(repeating: LayerView.noLink, count: count * slots)
  }

  var view: LayerView {
    LayerView(rows: UnsafePointer(links), stride: slots, degree: slots, count: UInt32(count))
  }

  /// Replaces a node's links.
  func setLinks(of node: Int, _ new: UnsafePointer<UInt32>, count newCount: Int) {
    let row = links + node &* slots
    for slot in 0..<newCount { row[slot] = new[slot] }
    for slot in newCount..<max(newCount, Int(degrees[node])) { row[slot] = LayerView.noLink }
    degrees[node] = UInt16(truncatingIfNeeded: newCount)
  }
}
