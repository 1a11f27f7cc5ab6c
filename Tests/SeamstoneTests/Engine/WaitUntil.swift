#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Looks again and again whether something has become true, for up to half a minute; answers whether
/// it has. A machine under load only makes it slower.
func waitUntil(_ condition: () -> Bool) -> Bool {
  for _ in 0..<6_000 {
    if condition() { return true }
    usleep(5_000)
  }
  return condition()
}
