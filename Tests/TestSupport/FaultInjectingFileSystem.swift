import StorageIO
import Synchronization

/// A file system that counts the calls and makes the nth fail.
package final class FaultInjectingFileSystem: FileSystem {
  /// What happens at the call that fails.
  package enum Fault: Sendable {
    /// The call does nothing and throws.
    case fail(StoreError.Code)
    /// A write stores the first half and throws; other calls do nothing and throw.
    case tear(StoreError.Code)
  }

  private struct State {
    var calls: [String] = []
    var failAt: Int?
    var fault = Fault.fail(.io)
    var failsForEver = false
    var hasFailed = false
    var freeSpace: UInt64?
    var refusesLinks = false
    var networkKind: String?
    var interruption: (name: String, body: @Sendable () -> Void)?
  }

  private let base: any FileSystem
  private let state = Mutex(State())

  /// Passes all calls on to `base`, but makes call number `failAt` (from 0) fail; with
  /// `failsForEver` all after it too, as on a disk that died.
  package init(
    _ base: any FileSystem = PosixFileSystem(), failAt: Int? = nil, fault: Fault = .fail(.io),
    failsForEver: Bool = false
  ) {
    self.base = base
    state.withLock {
      $0.failAt = failAt
      $0.fault = fault
      $0.failsForEver = failsForEver
    }
  }

  /// The calls so far, as "name path".
  package var calls: [String] { state.withLock { $0.calls } }

  /// Whether the fault has happened.
  package var hasFailed: Bool { state.withLock { $0.hasFailed } }

  /// Makes the call that comes after `count` more fail.
  package func fail(after count: Int, fault: Fault = .fail(.io), failsForEver: Bool = false) {
    state.withLock {
      $0.failAt = $0.calls.count + count
      $0.fault = fault
      $0.failsForEver = failsForEver
    }
  }

  /// Says that so many bytes are free from now on; nil for the truth.
  package func reportFreeSpace(_ bytes: UInt64?) { state.withLock { $0.freeSpace = bytes } }

  /// Says from now on that everything lies on a network file system of this kind.
  package func reportNetwork(_ kind: String) { state.withLock { $0.networkKind = kind } }

  /// Makes links fail from now on, as between two volumes.
  package func refuseLinks() { state.withLock { $0.refusesLinks = true } }

  /// Runs `body` once, on the calling thread, before the next call of this name.
  package func interrupt(next name: String, _ body: @escaping @Sendable () -> Void) {
    state.withLock { $0.interruption = (name, body) }
  }

  /// Counts a call; `tear` is run before a torn call throws.
  fileprivate func count(
    _ name: String, _ path: String, tear: () throws(StoreError) -> Void = {}
  ) throws(StoreError) {
    let body = state.withLock { state -> (@Sendable () -> Void)? in
      guard let interruption = state.interruption, interruption.name == name else { return nil }
      state.interruption = nil
      return interruption.body
    }
    body?()
    let fault: Fault? = state.withLock { state in
      let number = state.calls.count
      state.calls.append("\(name) \(path)")
      guard let failAt = state.failAt, number == failAt || state.failsForEver && number > failAt
      else { return nil }
      state.hasFailed = true
      return number == failAt ? state.fault : .fail(.io)
    }
    switch fault {
    case nil: return
    case .fail(let code):
      throw StoreError(code, "injected at \(name)", at: .init(path: path))
    case .tear(let code):
      try tear()
      throw StoreError(code, "injected at \(name)", at: .init(path: path))
    }
  }

  package func createFile(
    _ path: String, truncating: Bool
  ) throws(StoreError) -> any WritableFile {
    try count("createFile", path)
    return FaultyWritableFile(try base.createFile(path, truncating: truncating), self)
  }

  package func openFile(_ path: String) throws(StoreError) -> any ReadableFile {
    try count("openFile", path)
    return FaultyReadableFile(try base.openFile(path), self)
  }

  package func map(_ path: String) throws(StoreError) -> MappedFile {
    try count("map", path)
    return try base.map(path)
  }

  package func rename(_ path: String, to newPath: String) throws(StoreError) {
    try count("rename", path)
    try base.rename(path, to: newPath)
  }

  package func link(_ path: String, to newPath: String) throws(StoreError) {
    try count("link", path)
    if state.withLock({ $0.refusesLinks }) {
      throw StoreError(.notSupported, "no links", at: .init(path: path))
    }
    try base.link(path, to: newPath)
  }

  package func removeDirectory(_ path: String) throws(StoreError) {
    try count("removeDirectory", path)
    try base.removeDirectory(path)
  }

  package func syncFile(_ path: String) throws(StoreError) {
    try count("syncFile", path)
    try base.syncFile(path)
  }

  package func isSame(_ path: String, as other: String) throws(StoreError) -> Bool {
    try count("isSame", path)
    return try base.isSame(path, as: other)
  }

  package func remove(_ path: String) throws(StoreError) {
    try count("remove", path)
    try base.remove(path)
  }

  package func syncDirectory(_ path: String) throws(StoreError) {
    try count("syncDirectory", path)
    try base.syncDirectory(path)
  }

  package func list(_ path: String) throws(StoreError) -> [String] {
    try count("list", path)
    return try base.list(path)
  }

  package func exists(_ path: String) throws(StoreError) -> Bool {
    try count("exists", path)
    return try base.exists(path)
  }

  package func length(_ path: String) throws(StoreError) -> Int {
    try count("length", path)
    return try base.length(path)
  }

  package func makeDirectory(_ path: String) throws(StoreError) {
    try count("makeDirectory", path)
    try base.makeDirectory(path)
  }

  package func freeSpace(_ path: String) throws(StoreError) -> UInt64 {
    try count("freeSpace", path)
    if let space = state.withLock({ $0.freeSpace }) { return space }
    return try base.freeSpace(path)
  }

  package func networkFileSystem(_ path: String) throws(StoreError) -> String? {
    try count("networkFileSystem", path)
    if let kind = state.withLock({ $0.networkKind }) { return kind }
    return try base.networkFileSystem(path)
  }

  package func lock(_ path: String, exclusive: Bool) throws(StoreError) -> FileLock {
    try count("lock", path)
    return try base.lock(path, exclusive: exclusive)
  }
}

private final class FaultyWritableFile: WritableFile {
  private let base: any WritableFile
  private let owner: FaultInjectingFileSystem

  init(_ base: any WritableFile, _ owner: FaultInjectingFileSystem) {
    self.base = base
    self.owner = owner
  }

  var path: String { base.path }
  var length: Int { base.length }

  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try write(bytes, at: base.length)
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StoreError) {
    try owner.count("write", path) { () throws(StoreError) in
      try base.write(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]), at: offset)
    }
    try base.write(bytes, at: offset)
  }

  func sync() throws(StoreError) {
    try owner.count("sync", path)
    try base.sync()
  }

  func close() throws(StoreError) {
    // A file that fails to close is closed all the same, as close(2) does it.
    do throws(StoreError) {
      try owner.count("close", path)
    } catch {
      try base.close()
      throw error
    }
    try base.close()
  }
}

private final class FaultyReadableFile: ReadableFile {
  private let base: any ReadableFile
  private let owner: FaultInjectingFileSystem

  init(_ base: any ReadableFile, _ owner: FaultInjectingFileSystem) {
    self.base = base
    self.owner = owner
  }

  var path: String { base.path }
  var length: Int { base.length }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) {
    try owner.count("read", path)
    try base.read(into: buffer, at: offset)
  }

  func close() { base.close() }
}
