#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

/// Extends `crc` (0 for a new checksum) by `count` bytes; CRC-32C (Castagnoli, RFC 3720).
uint32_t crc32c_extend(uint32_t crc, const void *bytes, size_t count);

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
