import CPosixShims

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension PosixFileSystem {
  #if canImport(Darwin)
    /// The type of the file system if it is not local; else nil.
    package func networkFileSystem(_ path: String) throws(StoreError) -> String? {
      var info = statfs()
      if statfs(path, &info) != 0 {
        throw .system("Asking for the file system", errno: errno, at: .init(path: path))
      }
      if info.f_flags & UInt32(MNT_LOCAL) != 0 { return nil }
      return withUnsafeBytes(of: info.f_fstypename) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
  #else
    /// The type of the file system if it is a network one; else nil. Linux tells most of them by a
    /// magic number (statfs(2)); what hides behind FUSE stands in the mount table.
    package func networkFileSystem(_ path: String) throws(StoreError) -> String? {
      var magic: UInt32 = 0
      if posix_shim_file_system_type(path, &magic) != 0 {
        throw .system("Asking for the file system", errno: errno, at: .init(path: path))
      }
      if magic == 0x6573_5546 { return try networkFuse(path) }
      return Self.networkMagics[magic]
    }

    private static let networkMagics: [UInt32: String] = [
      0x6969: "nfs", 0x517B: "smb", 0xFF53_4D42: "cifs", 0xFE53_4D42: "smb2", 0x0102_1997: "9p",
      0x7375_7245: "coda", 0x5346_414F: "afs", 0x6B41_4653: "afs", 0x00C3_6400: "ceph",
      0x0BD0_0BD0: "lustre", 0x564C: "ncp", 0x1983_0326: "fhgfs", 0x4750_4653: "gpfs",
    ]

    /// FUSE types whose files live on another machine.
    private static let networkFuseTypes: Set<String> = [
      "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.glusterfs", "fuse.davfs", "fuse.curlftpfs",
      "fuse.gcsfuse", "fuse.blobfuse", "fuse.blobfuse2", "fuse.goofys", "fuse.juicefs",
      "fuse.ceph", "fuse.ceph-fuse", "fuse.mfs", "fuse.moosefs", "fuse.seaweedfs", "fuse.lizardfs",
      "fuse.mount-s3", "fuse.mountpoint-s3",
    ]

    private func networkFuse(_ path: String) throws(StoreError) -> String? {
      var info = stat()
      if stat(path, &info) != 0 {
        throw .system("Asking for the device", errno: errno, at: .init(path: path))
      }
      let type = Self.mountType(
        device: UInt64(info.st_dev), inMountInfo: KernelText.text(of: "/proc/self/mountinfo"))
      guard let type, Self.networkFuseTypes.contains(type) else { return nil }
      return type
    }

    /// The file system type of a device in the text of /proc/self/mountinfo (proc(5)): field 3 is
    /// major:minor, the type follows the lone "-".
    package static func mountType(device: UInt64, inMountInfo text: String) -> String? {
      let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
      let minor = device & 0xFF | (device >> 12) & ~0xFF
      for line in text.split(separator: "\n") {
        let fields = line.split(separator: " ")
        guard fields.count > 2, fields[2] == "\(major):\(minor)",
          let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count
        else { continue }
        return String(fields[dash + 1])
      }
      return nil
    }
  #endif
}
