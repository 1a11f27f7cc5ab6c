#pragma once
#include <stddef.h>
#include <stdint.h>

// The CRC register is kept "raw" here: without the inversions before and after.

/// Bytes of one lane in the long and in the short form of the three-lane loop.
enum { crc_long_lane = 4096, crc_short_lane = 256 };

/// Moves a raw register over `crc_long_lane` or `crc_short_lane` zero bytes: one table look-up for
/// each byte of the register.
extern uint32_t crc_long_shift[4][256];
extern uint32_t crc_short_shift[4][256];

static inline uint32_t crc_shift(const uint32_t table[4][256], uint32_t crc) {
  return table[0][crc & 0xFF] ^ table[1][(crc >> 8) & 0xFF] ^ table[2][(crc >> 16) & 0xFF] ^
         table[3][crc >> 24];
}

/// One raw extension by `count` bytes.
typedef uint32_t (*crc_function)(uint32_t crc, const unsigned char *bytes, size_t count);

/// The implementation by CRC instructions if the compiler target and the CPU have one, else NULL.
crc_function crc_hardware(const char **name);
