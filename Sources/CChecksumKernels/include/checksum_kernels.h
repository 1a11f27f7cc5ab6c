#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

/// Extends `crc` (0 for a new checksum) by `count` bytes; CRC-32C (Castagnoli, RFC 3720).
/// Uses the CPU's CRC instructions where it has them.
uint32_t crc32c_extend(uint32_t crc, const void *bytes, size_t count);

/// Extends `crc` by `count` zero bytes in O(log count).
uint32_t crc32c_extend_zeros(uint32_t crc, uint64_t count);

/// The checksum of a ++ b from the checksums of both and the length of b, in O(log count_b).
uint32_t crc32c_combine(uint32_t crc_a, uint32_t crc_b, uint64_t count_b);

/// How many implementations this CPU can run; 0 is the portable one, the last is the one in use.
int crc32c_level_count(void);

/// The name of an implementation ("portable", "sse4.2", "armv8-crc").
const char *crc32c_level_name(int level);

/// As `crc32c_extend` by a given implementation, for tests; levels out of range mean the last one.
uint32_t crc32c_extend_level(int level, uint32_t crc, const void *bytes, size_t count);

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
