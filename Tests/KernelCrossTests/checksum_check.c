// Compares the implementations of CRC-32C on the CPU that runs this, for CPUs on which Swift's tests
// do not run; .ci/checksum-arm64 runs it under emulation.
#include "checksum_kernels.h"

#include <stdio.h>

static unsigned char data[40000];
static const unsigned char zeros[3000];

int main(void) {
  unsigned failures = 0, state = 1;
  for (size_t i = 0; i < sizeof data; i++) {
    state = state * 1664525u + 1013904223u;
    data[i] = (unsigned char)(state >> 24);
  }
  int last = crc32c_level_count() - 1;
  if (crc32c_extend(0, "123456789", 9) != 0xE3069283u) failures++;
  for (size_t count = 0; count < sizeof data - 16; count += count < 2000 ? 1 : 37)
    for (size_t start = 0; start < 3; start++)
      for (int level = 0; level <= last; level++)
        failures += crc32c_extend_level(level, 7, data + start, count) !=
                    crc32c_extend_level(0, 7, data + start, count);
  for (size_t count = 0; count < sizeof zeros; count += 13) {
    uint32_t a = crc32c_extend(0, data, count), b = crc32c_extend(0, data + count, 5000);
    failures += crc32c_combine(a, b, 5000) != crc32c_extend(a, data + count, 5000);
    failures += crc32c_extend_zeros(a, count) != crc32c_extend(a, zeros, count);
  }
  printf("%d implementations, last %s: %u failures\n", last + 1, crc32c_level_name(last), failures);
  return failures != 0;
}
