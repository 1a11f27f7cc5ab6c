/// The state of ``CodeMeans`` between two rounds.
struct CodeMeansRun {
  private let points: CodePoints
  let count: Int
  /// The centres, one after the other.
  private(set) var centers: [UInt8]
  private var random: SeededRandom
  /// The centre of each point.
  private var nearest: [UInt32]
  /// Points that were assigned in the last round.
  private var assigned = 0
  private var sums: [UInt32]
  private var members: [Int]

  /// Points whose nearest centres are found by one call of a ``ParallelLoop``.
  private static let chunk = 2_048

  init(_ points: CodePoints, centers: Int, seed: UInt64) {
    self.points = points
    count = centers
    random = SeededRandom(seed: seed)
    self.centers = []
    self.centers.reserveCapacity(centers * points.dimensions)
    nearest = [UInt32](repeating: 0, count: points.count)
    sums = [UInt32](repeating: 0, count: centers * points.dimensions)
    members = [Int](repeating: 0, count: centers)
    draw(centers)
  }

  /// Different points drawn without replacement, as long as there seem to be such.
  private mutating func draw(_ wanted: Int) {
    var order = (0..<points.count).map { UInt32(truncatingIfNeeded: $0) }
    var known = Set<[UInt8]>(minimumCapacity: wanted)
    var passedOver: [Int] = []
    var next = 0
    while known.count < wanted, next < min(points.count, 4 * wanted + 64) {
      order.swapAt(next, next + random.below(points.count - next))
      let point = copy(Int(order[next]))
      if known.insert(point).inserted { centers += point } else { passedOver.append(next) }
      next += 1
    }
    for place in passedOver.prefix(wanted - known.count) { centers += copy(Int(order[place])) }
  }

  private func copy(_ point: Int) -> [UInt8] {
    let start = point * points.stride
    return Array(points.codes[start..<start + points.dimensions])
  }

  /// Finds the centres of the first so many points.
  mutating func assign(first size: Int, kernels: CenterKernels, parallel: ParallelLoop) {
    let points = points
    let arranged = CodeCenters(
      rows: centers, stride: points.dimensions, dimensions: points.dimensions)
    nearest.withUnsafeMutableBufferPointer { nearest in
      // Each index writes to a part of its own, and the loop is over before the array is used.
      nonisolated(unsafe) let nearest = nearest
      parallel((size + Self.chunk - 1) / Self.chunk) { chunk in
        let first = chunk * Self.chunk
        let number = min(Self.chunk, size - first)
        var distances = [Int32](repeating: 0, count: number)
        points.codes.withUnsafeBufferPointer { codes in
          distances.withUnsafeMutableBufferPointer { distances in
            guard let codes = codes.baseAddress, let found = nearest.baseAddress,
              let distances = distances.baseAddress
            else { return }
            arranged.nearest(
              points: codes + first * points.stride, stride: points.stride, count: number,
              kernels: kernels, found: found + first, distances: distances)
          }
        }
      }
    }
    assigned = size
    for index in members.indices { members[index] = 0 }
    for index in 0..<size { members[Int(nearest[index])] += 1 }
  }

  /// Whether some centre has more than so many times the mean number of points.
  func isUneven(_ share: Int) -> Bool {
    members.contains { $0 * count > share * assigned }
  }

  /// Moves each centre to the mean of its points; one without any stays where it is.
  mutating func move() {
    let (points, assigned) = (points, assigned)
    sums.withUnsafeMutableBufferPointer { sums in
      points.codes.withUnsafeBufferPointer { codes in
        sums.update(repeating: 0)
        for index in 0..<assigned {
          let start = Int(nearest[index]) &* points.dimensions
          let point = index &* points.stride
          // At most 2^24 points of 127.
          for component in 0..<points.dimensions {
            sums[start &+ component] &+= UInt32(codes[point &+ component])
          }
        }
      }
    }
    for center in 0..<count where members[center] > 0 {
      let divisor = UInt32(members[center])
      for place in center * points.dimensions..<(center + 1) * points.dimensions {
        centers[place] = UInt8((sums[place] &+ divisor / 2) / divisor)
      }
    }
  }

  /// Puts the centres with the fewest points among the points of those with too many; answers whether there
  /// was anything to do. Centres without points go to the largest in any case.
  mutating func balance(_ share: Int) -> Bool {
    let mean = max(1, assigned / count)
    var wanted: [Int] = []
    for center in 0..<count where members[center] * count > share * assigned {
      for _ in 0..<max(1, members[center] / (2 * mean)) { wanted.append(center) }
    }
    let order = (0..<count).sorted { (members[$0], $0) < (members[$1], $1) }
    let empty = order.prefix { members[$0] == 0 }.count
    for center in order.reversed() where wanted.count < empty { wanted.append(center) }
    guard !wanted.isEmpty else { return false }
    let places = membersOf(Set(wanted))
    var isChanged = false
    for (place, crowded) in zip(order, wanted)
    where place != crowded && members[place] * 2 <= mean {
      guard let own = places[crowded], !own.isEmpty else { continue }
      let point = copy(own[random.below(own.count)])
      let start = place * points.dimensions
      // Equal points cannot be parted.
      let old = centers[crowded * points.dimensions..<(crowded + 1) * points.dimensions]
      if old.elementsEqual(point) { continue }
      centers.replaceSubrange(start..<start + points.dimensions, with: point)
      isChanged = true
    }
    return isChanged
  }

  /// The points of some centres.
  private func membersOf(_ wanted: Set<Int>) -> [Int: [Int]] {
    var places: [Int: [Int]] = [:]
    for index in 0..<assigned where wanted.contains(Int(nearest[index])) {
      places[Int(nearest[index]), default: []].append(index)
    }
    return places
  }
}
