import StorageIO
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite("The file system")
struct PosixFileSystemTests {
  let directory: TemporaryDirectory
  let fileSystem = PosixFileSystem()

  init() throws { directory = try TemporaryDirectory() }

  private func code(_ body: () throws -> Void) -> StoreError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? StoreError)?.code }
  }

  private func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = try fileSystem.createFile(directory.file(name), truncating: true)
    try bytes.withRawBytes { raw throws(StoreError) in try file.append(raw) }
    try file.sync()
    try file.close()
    return file.path
  }

  @Test("writes at the end and anywhere, and reads exactly")
  func readWrite() throws {
    let path = directory.file("a")
    let file = try fileSystem.createFile(path)
    try [UInt8]("hello".utf8).withRawBytes { raw throws(StoreError) in
      try file.append(raw)
      try file.write(raw, at: 10)
      try file.append(raw)
      try file.write(UnsafeRawBufferPointer(rebasing: raw[..<1]), at: 0)
    }
    #expect(file.length == 20)
    try file.sync()
    try file.close()
    try file.close()
    #expect(code { try file.sync() } == .closed)
    #expect(code { try file.append(UnsafeRawBufferPointer(start: nil, count: 0)) } == .closed)

    let reader = try fileSystem.openFile(path)
    #expect(reader.length == 20)
    #expect(
      try reader.readBytes(20, at: 0)
        == Array("hello".utf8) + Array(repeating: 0, count: 5) + Array("hellohello".utf8))
    #expect(try reader.readBytes(3, at: 11) == Array("ell".utf8))
    #expect(try reader.readBytes(0, at: 20) == [])
    for (count, offset) in [(1, 20), (21, 0), (1, -1), (-1, 0), (.max, 1), (1, .max)] {
      #expect(code { _ = try reader.readBytes(count, at: offset) } == .truncatedFile)
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 1)
    defer { buffer.deallocate() }
    #expect(code { try reader.read(into: buffer, at: 15) } == .truncatedFile)
    #expect(code { try reader.read(into: buffer, at: -8) } == .invalidArgument)
    reader.close()
    reader.close()
    #expect(code { try reader.read(into: buffer, at: 0) } == .closed)
  }

  @Test("never overwrites unless told to")
  func create() throws {
    let path = try write("a", [1, 2, 3])
    #expect(code { _ = try fileSystem.createFile(path) } == .alreadyExists)
    #expect(try fileSystem.length(path) == 3)
    _ = try fileSystem.createFile(path, truncating: true)
    #expect(try fileSystem.length(path) == 0)
  }

  @Test("says notFound, and where, for what is not there")
  func missing() {
    let path = directory.file("none")
    let bodies: [() throws -> Void] = [
      { _ = try fileSystem.openFile(path) }, { _ = try fileSystem.map(path) },
      { try fileSystem.remove(path) }, { try fileSystem.rename(path, to: path + "2") },
      { _ = try fileSystem.length(path) }, { _ = try fileSystem.list(path) },
      { try fileSystem.syncDirectory(path) }, { _ = try fileSystem.createFile(path + "/a") },
    ]
    for (index, body) in bodies.enumerated() {
      #expect(code(body) == .notFound, "call \(index)")
    }
    #expect((try? fileSystem.exists(path)) == false)
    #expect(code { _ = try fileSystem.openFile("a\0b") } == .invalidArgument)
    #expect(code { _ = try fileSystem.openFile(directory.path) } == .foreignFile)
    #expect(code { _ = try fileSystem.map(directory.path) } == .foreignFile)
  }

  @Test("lists, renames and removes")
  func directories() throws {
    for name in ["b", "a", "ä", ".hidden", "B"] { _ = try write(name, []) }
    #expect(try fileSystem.list(directory.path) == [".hidden", "B", "a", "b", "ä"])
    _ = try write("a", [1])
    try fileSystem.rename(directory.file("a"), to: directory.file("b"))
    #expect(try fileSystem.length(directory.file("b")) == 1)
    try fileSystem.remove(directory.file("b"))
    try fileSystem.syncDirectory(directory.path)
    #expect(try fileSystem.list(directory.path) == [".hidden", "B", "ä"])
  }

  @Test("makes directories with their parents, once")
  func makeDirectory() throws {
    let path = directory.file("x/y//z/")
    try fileSystem.makeDirectory(path)
    try fileSystem.makeDirectory(path)
    #expect(try fileSystem.exists(directory.file("x/y/z")))
    let file = try write("file", [])
    #expect(code { try fileSystem.makeDirectory(file) } == .alreadyExists)
    #expect(PosixFileSystem.parent(of: "a") == ".")
    #expect(PosixFileSystem.parent(of: "/a") == "/")
    #expect(PosixFileSystem.parent(of: "/a//b/") == "/a")
    #expect(PosixFileSystem.parent(of: "a/b") == "a")
    #expect(PosixFileSystem.parent(of: "/") == "/")
  }

  @Test("maps whole files, empty ones too, and checks every slice")
  func map() throws {
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var file: MappedFile? = try fileSystem.map(try write("m", bytes))
    let mapped = try #require(file)
    #expect(mapped.bytes.elementsEqual(bytes))
    #expect(Array(try mapped.slice(9_990, count: 10)) == Array(bytes.suffix(10)))
    #expect(try mapped.slice(10_000, count: 0).isEmpty)
    for (offset, count) in [(10_000, 1), (0, 10_001), (-1, 1), (1, -1), (1, .max), (.max, 1)] {
      #expect(code { _ = try mapped.slice(offset, count: count) } == .truncatedFile)
    }
    for advice in [
      MappedFile.Advice.normal, .random, .sequential, .willNeed, .dontNeed, .hugePages,
    ] {
      mapped.advise(advice)
      mapped.advise(advice, range: 5000..<20_000)
      mapped.advise(advice, range: 20_000..<30_000)
    }
    #expect(mapped.bytes.elementsEqual(bytes))
    file = nil
    #expect(try fileSystem.map(try write("empty", [])).count == 0)
    let copy = bytes.withUnsafeBytes { MappedFile(path: "copy", copying: $0) }
    copy.advise(.dontNeed)
    #expect(copy.bytes.elementsEqual(bytes))
  }

  @Test("knows the free space, and that a local directory is local")
  func volume() throws {
    #expect(try fileSystem.freeSpace(directory.path) > 0)
    #expect(try fileSystem.networkFileSystem(directory.path) == nil)
    #expect(code { _ = try fileSystem.freeSpace(directory.file("none")) } == .notFound)
    #expect(code { _ = try fileSystem.networkFileSystem(directory.file("none")) } == .notFound)
  }

  #if os(Linux)
    @Test("finds what is behind FUSE in the mount table")
    func mountTable() {
      let text = """
        36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
        40 35 0:53 / /remote rw - fuse.sshfs me@host:/ rw,user_id=0
        41 35 0:54
        """
      #expect(PosixFileSystem.mountType(device: 53, inMountInfo: text) == "fuse.sshfs")
      #expect(PosixFileSystem.mountType(device: 98 << 8, inMountInfo: text) == "ext3")
      #expect(PosixFileSystem.mountType(device: 54, inMountInfo: text) == nil)
      #expect(PosixFileSystem.mountType(device: 1, inMountInfo: "") == nil)
    }
  #endif

  @Test("gives one exclusive lock or many shared ones, and names the holder")
  func lock() throws {
    let path = directory.file("writer.lock")
    let first = try fileSystem.lock(path)
    let error = #expect(throws: StoreError.self) { try fileSystem.lock(path) }
    #expect(error?.code == .locked)
    #expect(error?.location?.path == path)
    #expect(error?.cause?.contains("process") == true)
    #expect(code { _ = try fileSystem.lock(path, exclusive: false) } == .locked)
    first.release()
    first.release()
    do {
      let shared = try fileSystem.lock(path, exclusive: false)
      let another = try fileSystem.lock(path, exclusive: false)
      #expect(code { _ = try fileSystem.lock(path) } == .locked)
      withExtendedLifetime((shared, another)) {}
    }
    _ = try fileSystem.lock(path)
  }

  @Test("gives a lock back although a child that is being started has a copy of its descriptor")
  func lockAndChildren() throws {
    let path = directory.file("writer.lock")
    let lock = try fileSystem.lock(path)
    // Between fork and exec a child has copies of all descriptors; a copy of ones own does the same.
    let copies = try descriptors(of: path).map { dup($0) }
    defer { for copy in copies { close(copy) } }
    #expect(copies.count == 1)
    lock.release()
    let next = try fileSystem.lock(path)
    #expect(code { _ = try fileSystem.lock(path) } == .locked)
    next.release()
  }

  #if os(Linux)
    @Test("keeps the lock of a parent whose forked child gives its copy back")
    func lockAndForkedChild() throws {
      let path = directory.file("writer.lock")
      let lock = try fileSystem.lock(path)
      let child = fork()
      if child == 0 {
        alarm(20)  // rather than hang, if another thread held a lock of the runtime at the fork
        lock.release()
        _exit(7)
      }
      var status: Int32 = 0
      #expect(waitpid(child, &status, 0) == child)
      #expect(status >> 8 & 0xFF == 7)
      #expect(code { _ = try fileSystem.lock(path) } == .locked)
      lock.release()
      _ = try fileSystem.lock(path)
    }
  #endif

  /// The descriptors of this process that a file is open at.
  private func descriptors(of path: String) throws -> [Int32] {
    var wanted = stat()
    try #require(stat(path, &wanted) == 0)
    return (0..<1_024).filter { descriptor in
      var found = stat()
      return fstat(descriptor, &found) == 0 && found.st_ino == wanted.st_ino
        && found.st_dev == wanted.st_dev
    }
  }

  @Test("reports errors of the system by kind")
  func errors() {
    let place = StoreError.Location(path: "p")
    #expect(StoreError.system("x", errno: 28, at: place).code == .noSpace)
    #expect(StoreError.system("x", errno: 24, at: place).code == .limitExceeded)
    #expect(StoreError.system("x", errno: 5, at: place).code == .io)
    #expect(StoreError.Code.truncatedFile.isDamage && !StoreError.Code.io.isDamage)
  }
}
