#include "crc32c_internal.h"
#include <string.h>

// CRC instructions have a latency of three cycles and a throughput of one, so three independent
// lanes run side by side; their registers are joined by moving them over the zeros that follow.
// The body is the same for every instruction set; only the two steps differ.

#if defined(__x86_64__)
  #include <nmmintrin.h>
  #define CRC_TARGET __attribute__((target("sse4.2")))
  #define CRC_STEP_8(crc, word) ((uint32_t)_mm_crc32_u64((crc), (word)))
  #define CRC_STEP_1(crc, byte) _mm_crc32_u8((crc), (byte))
#elif defined(__aarch64__)
  #if defined(__linux__)
    #include <sys/auxv.h>
  #endif
  #if defined(__clang__)
    #define CRC_TARGET __attribute__((target("crc")))
    #define CRC_STEP_8(crc, word) __builtin_arm_crc32cd((crc), (word))
    #define CRC_STEP_1(crc, byte) __builtin_arm_crc32cb((crc), (byte))
  #else
    #define CRC_TARGET __attribute__((target("+crc")))
    #define CRC_STEP_8(crc, word) __builtin_aarch64_crc32cx((crc), (word))
    #define CRC_STEP_1(crc, byte) __builtin_aarch64_crc32cb((crc), (byte))
  #endif
#endif

#if defined(CRC_TARGET)

static inline uint64_t load_8(const unsigned char *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

/// Three lanes of `lane` bytes each.
#define CRC_THREE_LANES(lane, table)                                                             \
  while (count >= 3 * (size_t)(lane)) {                                                          \
    uint32_t a = crc, b = 0, c = 0;                                                              \
    for (size_t i = 0; i < (size_t)(lane); i += 8) {                                             \
      a = CRC_STEP_8(a, load_8(bytes + i));                                                      \
      b = CRC_STEP_8(b, load_8(bytes + (lane) + i));                                             \
      c = CRC_STEP_8(c, load_8(bytes + 2 * (lane) + i));                                         \
    }                                                                                            \
    crc = crc_shift(table, crc_shift(table, a) ^ b) ^ c;                                         \
    bytes += 3 * (size_t)(lane);                                                                 \
    count -= 3 * (size_t)(lane);                                                                 \
  }

CRC_TARGET static uint32_t extend(uint32_t crc, const unsigned char *bytes, size_t count) {
  CRC_THREE_LANES(crc_long_lane, crc_long_shift)
  CRC_THREE_LANES(crc_short_lane, crc_short_shift)
  for (; count >= 8; bytes += 8, count -= 8) crc = CRC_STEP_8(crc, load_8(bytes));
  for (; count > 0; bytes++, count--) crc = CRC_STEP_1(crc, *bytes);
  return crc;
}

crc_function crc_hardware(const char **name) {
  #if defined(__x86_64__)
  __builtin_cpu_init();
  *name = "sse4.2";
  return __builtin_cpu_supports("sse4.2") ? extend : NULL;
  #elif defined(__linux__)
  *name = "armv8-crc";
  return (getauxval(AT_HWCAP) & (1ul << 7)) != 0 ? extend : NULL;  // HWCAP_CRC32
  #elif defined(__APPLE__)
  *name = "armv8-crc";
  return extend;  // every Apple arm64 CPU has them
  #else
  return NULL;
  #endif
}

#else

crc_function crc_hardware(const char **name) {
  (void)name;
  return NULL;
}

#endif
