#include "checksum_kernels.h"

#include "crc32c_internal.h"

// Polynomials over GF(2) are kept reflected: bit 31 is the coefficient of x^0.
static const uint32_t polynomial = 0x82F63B78;

uint32_t crc_long_shift[4][256];
uint32_t crc_short_shift[4][256];

/// x^(2^k) modulo the polynomial; 64-bit byte counts need k up to 66.
static uint32_t powers[67];
/// The register after one byte and k more zero bytes, for eight bytes at a time.
static uint32_t slices[8][256];

static crc_function hardware;
static const char *hardware_name;

static uint32_t multiply(uint32_t a, uint32_t b) {
  uint32_t product = 0;
  for (uint32_t bit = 1u << 31; bit != 0; bit >>= 1) {
    if (a & bit) product ^= b;
    b = (b & 1) ? (b >> 1) ^ polynomial : b >> 1;
  }
  return product;
}

/// x^(8 * count): multiplying by it moves a register over `count` zero bytes.
static uint32_t zeros_operator(uint64_t count) {
  uint32_t result = 1u << 31;
  for (int k = 3; count != 0; count >>= 1, k++) {
    if (count & 1) result = multiply(powers[k], result);
  }
  return result;
}

static void fill_shift(uint32_t table[4][256], uint64_t count) {
  uint32_t move = zeros_operator(count);
  for (uint32_t lane = 0; lane < 4; lane++)
    for (uint32_t byte = 0; byte < 256; byte++)
      table[lane][byte] = multiply(move, byte << (8 * lane));
}

__attribute__((constructor)) static void fill_tables(void) {
  powers[0] = 1u << 30;
  for (int k = 1; k < 67; k++) powers[k] = multiply(powers[k - 1], powers[k - 1]);
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc & 1) ? (crc >> 1) ^ polynomial : crc >> 1;
    slices[0][byte] = crc;
  }
  for (int k = 1; k < 8; k++)
    for (int byte = 0; byte < 256; byte++)
      slices[k][byte] = (slices[k - 1][byte] >> 8) ^ slices[0][slices[k - 1][byte] & 0xFF];
  fill_shift(crc_long_shift, crc_long_lane);
  fill_shift(crc_short_shift, crc_short_lane);
  hardware = crc_hardware(&hardware_name);
}

static uint32_t portable(uint32_t crc, const unsigned char *bytes, size_t count) {
  for (; count >= 8; bytes += 8, count -= 8) {
    crc ^= (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
    crc = slices[7][crc & 0xFF] ^ slices[6][(crc >> 8) & 0xFF] ^ slices[5][(crc >> 16) & 0xFF] ^
          slices[4][crc >> 24] ^ slices[3][bytes[4]] ^ slices[2][bytes[5]] ^
          slices[1][bytes[6]] ^ slices[0][bytes[7]];
  }
  for (; count > 0; bytes++, count--) crc = (crc >> 8) ^ slices[0][(crc ^ *bytes) & 0xFF];
  return crc;
}

uint32_t crc32c_extend(uint32_t crc, const void *bytes, size_t count) {
  return ~(hardware ? hardware : portable)(~crc, bytes, count);
}

uint32_t crc32c_extend_zeros(uint32_t crc, uint64_t count) {
  return ~multiply(zeros_operator(count), ~crc);
}

uint32_t crc32c_combine(uint32_t crc_a, uint32_t crc_b, uint64_t count_b) {
  return multiply(zeros_operator(count_b), crc_a) ^ crc_b;
}

int crc32c_level_count(void) { return hardware ? 2 : 1; }

const char *crc32c_level_name(int level) {
  return level == 0 || !hardware ? "portable" : hardware_name;
}

uint32_t crc32c_extend_level(int level, uint32_t crc, const void *bytes, size_t count) {
  return level == 0 ? ~portable(~crc, bytes, count) : crc32c_extend(crc, bytes, count);
}
