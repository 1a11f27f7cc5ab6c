#pragma once
#include "vector_kernels.h"

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

// Kernels of the float16, 4-bit, 1-bit and rotated encodings. Keys and batch forms are those of
// vector_kernels.h. Sums of integers are the same on every level, and so are the keys of all but
// the float16 kernels.
//
// A row of codes is its codes followed by little-endian floats, its *factors*; the kernels'
// `dimensions` argument is the length of the whole row in bytes. Rows of two codes a byte hold
// component i in the low half of byte i and component i + n in the high half, n bytes in all.
//
//   key of codes:  add + constant + rescale * slope * value,  value = correction + multiplier * sum
//
// with add and rescale from the row. It is limited to finite floats and never NaN, whatever the row.

/// The bit planes of a query that is compared with rows of single bits.
enum { VK_PLANES = 5 };
/// Where the data of a prepared query begins; before it stands a vk_code_query.
enum { VK_CODE_QUERY_DATA = 64 };

/// The head of a prepared query, on a cache line of its own.
typedef struct {
    float slope;
    float constant;
    uint32_t correction;
    uint32_t multiplier;
} vk_code_query;

/// Where the 16 levels of nibbles_l2 stand in a prepared query.
enum { VK_LEVELS = 32 };

/// What codes of 4 bits and finer halves of 4 bits stand for: place `starts[code] + finer`.
typedef struct {
    uint8_t starts[16];
    float lowest;
    float step;
} vk_cells;

typedef struct {
    const char *name;
    /// Rows of n unsigned bytes, then add and rescale; the query is n signed bytes -127...127, padded
    /// with zeroes to a multiple of 64. sum = Σ code * query.
    vk_batch bytes_dot;
    /// Rows of n bytes with two codes each, then add and rescale; the query is signed bytes, n for
    /// the low halves padded with zeroes to a multiple of 64, n for the high halves padded alike.
    vk_batch nibbles_dot;
    /// Rows of n bytes of bits, then add, rescale and the error bound (which is not read); the
    /// query is VK_PLANES planes of n bytes, each padded with zeroes to a multiple of 64, the lowest
    /// first. sum = Σ 2^p * hamming(bits, plane p).
    vk_batch planes;
    /// Rows of n bytes with two codes each and no factors; the query is unsigned bytes in the order of
    /// nibbles_dot, padded with 8. key = Σ |16 * code + 8 - query|.
    vk_batch nibbles_l1;
    /// Rows as those of nibbles_l1; the query is bytes 0...127 in the order of nibbles_dot, padded with the level of
    /// code 0, and code c stands for byte c of the 16 levels (0...127 as well) at VK_LEVELS of the query.
    /// key = Σ (level - query)^2.
    vk_batch nibbles_l2;
    /// Decodes a row of nibbles_l2 with its finer halves, in the order of the row: component i is lowest + step * its
    /// place. Returns the largest place. The same bits on every level.
    uint32_t (*unpack)(const uint8_t *row, const uint8_t *finer, size_t components, const vk_cells *cells,
                       float *vector);
    /// Σ (query - place)^2 of such a row; the query is places as well, and need not be whole numbers.
    float (*places_l2)(const uint8_t *row, const uint8_t *finer, size_t components, const vk_cells *cells,
                       const float *query);
    /// Rows of float16, a float query; `dimensions` is the number of components.
    vk_batch f16_dot, f16_l2, f16_l1;
    /// Rotates `padded` floats (a multiple of 64) in place: rounds of VK_ROTATION_ROUNDS
    /// times `padded` signs, which carry the factors that keep lengths.
    void (*rotate)(const float *signs, size_t padded, float *vector);
    /// Codes of `count` numbers, 2^bits levels symmetric about 0; bits is 8, 4 or 1. Writes one byte per
    /// code; sums receives Σx², Σx·u and Σu² of the codes' values u = code - (2^bits - 1) / 2.
    /// The same bits on every level.
    void (*quantize)(const float *vector, size_t count, unsigned bits, uint8_t *codes, float *sums);
} vk_code_table;

/// The kernels of one level, numbered as those of vk_level.
const vk_code_table *vk_code_level(size_t level);

/// Rounds of a rotation.
enum { VK_ROTATION_ROUNDS = 4 };

/// The nearest float16, ties to even, limited to +-65,504; NaN becomes 0.
uint16_t vk_half_from_float(float value);
/// The number that a float16 stands for.
float vk_float_from_half(uint16_t half);

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
