#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#define VK_NULLABLE _Nullable
#else
#define VK_NULLABLE
#endif

// Product quantisation has a header of its own, vector_kernels_pq.h.
//
// Distances are handed out as *keys*: unsigned 32-bit numbers that sort as the distances do, smaller
// is closer, so that a search compares integers whatever the metric and the encoding are.
//   float kernels:  key = order-preserving map of the float's bits (see vk_key_from_float)
//   integer kernels: key = the distance itself; for dot products 0x80000000 - dot

/// One query against `count` rows named by ordinal: row i starts at base + ordinals[i] * stride.
/// Prefetches ahead of the row being computed. `keys` receives `count` values.
typedef void (*vk_gather)(const void *query, const void *base, size_t stride,
                          const uint32_t *ordinals, size_t count, size_t dimensions,
                          uint32_t *keys);
/// One query against `count` neighbouring rows: row i starts at base + i * stride.
typedef void (*vk_scan)(const void *query, const void *base, size_t stride, size_t count,
                        size_t dimensions, uint32_t *keys);

/// A metric's batch forms for one row type. A batch key equals, bit for bit, the key of the same
/// level's single-row kernel.
typedef struct {
    vk_gather gather;
    vk_scan scan;
} vk_batch;

/// Many queries against many rows: query i starts at `queries + i * query_stride`, row j at `base + j * stride`,
/// and `keys[i * key_stride + j]` is their key. Each key is that of the same pair wherever it stands among the
/// others, but may differ from the batch form's in the last bits: the sums are added in another order.
typedef void (*vk_tile)(const void *queries, size_t query_stride, size_t query_count,
                        const void *base, size_t stride, size_t count, size_t dimensions,
                        uint32_t *keys, size_t key_stride);

/// Which of `count` keys, 64 at most, are not above `bar`: bit i for key i.
typedef uint64_t (*vk_below)(const uint32_t *keys, size_t count, uint32_t bar);

/// Rows that `vk_seek` looks at together, at most.
enum { VK_SEEK_ROWS = 64 };

/// Looks among `count` neighbouring rows for some whose keys are not above `bar`, VK_SEEK_ROWS at a time. Returns the
/// first row of the first such group that has any: `found` says which they are, bit i for row i of the group, and
/// `keys`, which has room for VK_SEEK_ROWS, holds theirs. Returns `count`, and `found` is 0, where there is none.
/// Prefetches ahead.
typedef size_t (*vk_seek)(const void *query, const void *base, size_t stride, size_t count,
                          size_t dimensions, uint32_t bar, uint32_t *keys, uint64_t *found);

/// The map between a component and its 15-bit position p = code << 8 | residual, 0...32767:
/// component = origin + p * fine. A code alone stands for the middle of its 256 positions.
typedef struct {
    float origin;        // the component at position 0
    float fine;          // the width of one position; a code's cell is 256 of them
    float inverse_fine;  // 1 / fine, rounded once
} vk_map;

/// What an encode call met; flags of `vk_encode`.
enum { VK_CLIPPED = 1, VK_INEXACT = 2 };

/// Encodes one vector, every component multiplied by `scale` first. Returns VK_CLIPPED when a
/// component lay outside the map, VK_INEXACT when decoding code and residual does not give back
/// every component of `vector` bit for bit. Never reads or writes beyond `dimensions`.
typedef uint32_t (*vk_encode)(const float *vector, size_t dimensions, float scale,
                              const vk_map *map, uint8_t *codes, uint8_t *VK_NULLABLE residuals);
/// Decodes one vector; without residuals to the middles of the cells.
typedef void (*vk_decode)(const uint8_t *codes, const uint8_t *VK_NULLABLE residuals,
                          size_t dimensions, const vk_map *map, float *vector);
/// A float query against one row decoded on the fly: bit for bit the float kernel's value of the
/// decoded row.
typedef float (*vk_residual)(const float *query, const uint8_t *codes, const uint8_t *residuals,
                             size_t dimensions, const vk_map *map);
/// Adds up what calibration needs to know of `count` values multiplied by `scale`: the smallest and
/// the largest value, a histogram over the upper 16 bits of their keys (65,536 counters), and
/// whether any value is not a whole number. The caller initialises all of them.
void vk_survey(const float *values, size_t count, float scale, float *lowest, float *highest,
               uint32_t *histogram, uint32_t *fractional);
/// The first and the last bin of such a histogram before or after which, that bin included, more than `share` of all
/// counted values lie.
void vk_middle_bins(const uint32_t *histogram, double share, uint32_t *first, uint32_t *last);

/// Everything one instruction set offers. Rows and queries may start at any address.
/// Code rows ("u7") are bytes 0...127. Query rows of `u7_dot` are signed bytes -127...127.
/// `dimensions` of `bits` is a number of bytes. Integer kernels return the same number on every level;
/// they are exact up to 130,000 dimensions. Float kernels differ between levels in the last bits.
typedef struct {
    const char *name;  // "avx512vnni", "avx2", "neondot", "neon", "scalar"
    float (*f32_dot)(const float *a, const float *b, size_t dimensions);
    float (*f32_l2)(const float *a, const float *b, size_t dimensions);
    float (*f32_l1)(const float *a, const float *b, size_t dimensions);
    uint32_t (*f32_unequal)(const float *a, const float *b, size_t dimensions);
    uint32_t (*u7_l2)(const uint8_t *a, const uint8_t *b, size_t dimensions);
    uint32_t (*u7_l1)(const uint8_t *a, const uint8_t *b, size_t dimensions);
    int32_t (*u7_dot)(const uint8_t *codes, const int8_t *query, size_t dimensions);
    uint32_t (*bits_hamming)(const uint8_t *a, const uint8_t *b, size_t bytes);
    vk_batch f32_dot_batch;      // keys of -dot
    vk_batch f32_l2_batch;
    vk_batch f32_l1_batch;
    vk_batch f32_unequal_batch;  // integer keys
    vk_batch u7_l2_batch;
    vk_batch u7_l1_batch;
    vk_batch u7_dot_batch;       // keys 0x80000000 - dot
    vk_batch bits_hamming_batch;
    vk_encode encode;          // the same bytes on every level
    vk_decode decode;          // the same bits on every level
    vk_residual residual_dot;
    vk_residual residual_l2;
    vk_residual residual_l1;
    vk_tile VK_NULLABLE f32_dot_tile;  // keys of -dot; null where there is no quicker way than the batch forms
    vk_tile VK_NULLABLE f32_l2_tile;
    vk_tile VK_NULLABLE f32_l1_tile;
    vk_below below;  // the same bits on every level
    vk_seek bits_hamming_seek;
} vk_table;

/// One query against `count` rows named by ordinal, decoded from codes and residuals on the fly, with
/// prefetches of both; `score` is one of a table's residual kernels.
void vk_residual_gather(vk_residual score, const float *query, const uint8_t *codes,
                        size_t code_stride, const uint8_t *residuals, size_t residual_stride,
                        const uint32_t *ordinals, size_t count, size_t dimensions,
                        const vk_map *map, float *distances);

/// Number of instruction sets that this build knows and this CPU has; 0 is scalar, the last is best.
size_t vk_level_count(void);
/// The kernels of one level, 0 ..< vk_level_count(); the best level for any larger number.
const vk_table *vk_level(size_t level);

/// Maps a float to a key so that keys sort as the floats do; NaN sorts last.
static inline uint32_t vk_key_from_float(float value) {
    if (value != value) return 0xffffffffu;
    union { float f; uint32_t u; } bits = {value};
    return bits.u & 0x80000000u ? ~bits.u : bits.u | 0x80000000u;
}
/// The inverse of vk_key_from_float.
static inline float vk_float_from_key(uint32_t key) {
    union { uint32_t u; float f; } bits;
    bits.u = key & 0x80000000u ? key & 0x7fffffffu : ~key;
    return bits.f;
}
/// Asks for the cache line at `address`; never faults.
static inline void vk_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }
/// Asks for all cache lines of a span.
static inline void vk_prefetch_span(const void *address, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64) vk_prefetch((const unsigned char *)address + i);
}

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
