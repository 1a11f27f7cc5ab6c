#pragma once
#include "code_kernels.h"
#include "vk_internal.h"
#include <float.h>

// Shared by the files of all instruction sets.
#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

extern const vk_code_table vk_code_table_scalar;
#if defined(__x86_64__)
extern const vk_code_table vk_code_table_avx2;
extern const vk_code_table vk_code_table_avx512;
extern const vk_code_table vk_code_table_avx512_popcount;
#endif
#if defined(__aarch64__)
extern const vk_code_table vk_code_table_neon;
extern const vk_code_table vk_code_table_neondot;
#endif

/// Bytes after the codes: add and rescale, and for single bits the error bound.
enum { VK_FACTORS = 8, VK_BIT_FACTORS = 12 };

VK_INLINE size_t vk_round64(size_t bytes) { return (bytes + 63) / 64 * 64; }
VK_INLINE const uint8_t *vk_query_data(const void *query) {
    return (const uint8_t *)query + VK_CODE_QUERY_DATA;
}
/// The codes' bytes of a row; 0 for a row too short for its factors.
VK_INLINE size_t vk_code_bytes(size_t row_bytes, size_t factors) {
    return row_bytes > factors ? row_bytes - factors : 0;
}
/// The key of a float that may have overflowed: NaN counts as the farthest.
VK_INLINE uint32_t vk_finite_key(float value) {
    value = value < FLT_MAX ? value : FLT_MAX;
    value = value > -FLT_MAX ? value : -FLT_MAX;
    union { float f; uint32_t u; } bits = {value};
    return bits.u & 0x80000000u ? ~bits.u : bits.u | 0x80000000u;
}
/// The key of a row from the sum of its codes.
VK_INLINE uint32_t vk_code_key(const void *query, const uint8_t *factors, uint32_t sum) {
    vk_code_query head;
    float add, rescale;
    memcpy(&head, query, sizeof head);
    memcpy(&add, factors, sizeof add);
    memcpy(&rescale, factors + 4, sizeof rescale);
    const int32_t value = (int32_t)(head.correction + head.multiplier * sum);
    const float scaled = rescale * head.slope;
    const float product = scaled * (float)value;
    const float base = add + head.constant;
    return vk_finite_key(base + product);
}
/// The number that a float16's bits stand for: exact, also for the smallest.
VK_INLINE float vk_widen_half(uint16_t half) {
    union { uint32_t u; float f; } bits = {(uint32_t)(half & 0x7fff) << 13};
    bits.f *= 0x1p112f;
    if ((half & 0x7c00) == 0x7c00) bits.u |= 0x7f800000u;
    bits.u |= (uint32_t)(half & 0x8000) << 16;
    return bits.f;
}
VK_INLINE uint16_t vk_load_half(const uint8_t *bytes) {
    uint16_t half;
    memcpy(&half, bytes, sizeof half);
    return half;
}

// Four rows one after the other, for kernels that gain nothing from doing them together.
#define VK_CODES_ONE_BY_ONE(ATTRIBUTES, NAME)                                                      \
    ATTRIBUTES VK_INLINE void NAME##_rows4(const void *q, const uint8_t *r0, const uint8_t *r1,    \
                                           const uint8_t *r2, const uint8_t *r3, size_t length,    \
                                           uint32_t *keys) {                                       \
        keys[0] = NAME##_row(q, r0, length);                                                       \
        keys[1] = NAME##_row(q, r1, length);                                                       \
        keys[2] = NAME##_row(q, r2, length);                                                       \
        keys[3] = NAME##_row(q, r3, length);                                                       \
    }

// Defines NAME_usual, the gather of NAME with a loop of its own for codes of the usual numbers of whole lines, whose
// factors are on the next one.
#define VK_USUAL_CASE(NAME, LINES)                                                                 \
    case (LINES) * 64 + VK_FACTORS:                                                                \
        NAME##_gather_body(query, base, stride, ordinals, count, (LINES) * 64 + VK_FACTORS, keys,  \
                           (vk_ahead){(LINES) + 1, VK_AHEAD((LINES) + 1)});                        \
        break;
#define VK_DEFINE_USUAL(ATTRIBUTES, NAME)                                                          \
    ATTRIBUTES static void NAME##_usual(const void *query, const void *base, size_t stride,        \
                                        const uint32_t *ordinals, size_t count,                    \
                                        size_t dimensions, uint32_t *keys) {                       \
        const vk_ahead ahead = vk_plan_ahead(base, stride, dimensions);                            \
        switch (ahead.lines == dimensions / 64 + 1 ? dimensions : 0) {                             \
            VK_USUAL_CASE(NAME, 1)                                                                 \
            VK_USUAL_CASE(NAME, 2)                                                                 \
            VK_USUAL_CASE(NAME, 3)                                                                 \
            VK_USUAL_CASE(NAME, 4)                                                                 \
            VK_USUAL_CASE(NAME, 6)                                                                 \
            VK_USUAL_CASE(NAME, 8)                                                                 \
            VK_USUAL_CASE(NAME, 12)                                                                \
        default: NAME##_gather(query, base, stride, ordinals, count, dimensions, keys);            \
        }                                                                                          \
    }

// Defines NAME_whole, the gather of NAME with a loop of its own for rows of the usual numbers of whole lines.
#define VK_WHOLE_CASE(NAME, LINES) case LINES: VK_GATHER_LINES(NAME, 1, LINES); break;
#define VK_DEFINE_WHOLE(ATTRIBUTES, NAME)                                                          \
    ATTRIBUTES static void NAME##_whole(const void *query, const void *base, size_t stride,        \
                                        const uint32_t *ordinals, size_t count,                    \
                                        size_t dimensions, uint32_t *keys) {                       \
        const vk_ahead ahead = vk_plan_ahead(base, stride, dimensions);                            \
        switch (ahead.lines * 64 == dimensions ? ahead.lines : 0) {                                \
            VK_WHOLE_CASE(NAME, 1)                                                                 \
            VK_WHOLE_CASE(NAME, 2)                                                                 \
            VK_WHOLE_CASE(NAME, 3)                                                                 \
            VK_WHOLE_CASE(NAME, 4)                                                                 \
            VK_WHOLE_CASE(NAME, 6)                                                                 \
        default: NAME##_gather(query, base, stride, ordinals, count, dimensions, keys);            \
        }                                                                                          \
    }

// The single-row kernels from NAME_sum(query data, row, bytes of codes).
#define VK_CODES_ROW(ATTRIBUTES, NAME, FACTORS)                                                    \
    ATTRIBUTES VK_INLINE uint32_t NAME##_row(const void *query, const uint8_t *row,                \
                                             size_t length) {                                      \
        const size_t count = vk_code_bytes(length, FACTORS);                                       \
        return vk_code_key(query, row + count, NAME##_sum(vk_query_data(query), row, count));      \
    }
#define VK_CODES_SUM_ROW(ATTRIBUTES, NAME)                                                         \
    ATTRIBUTES VK_INLINE uint32_t NAME##_row(const void *query, const uint8_t *row,                \
                                             size_t length) {                                      \
        return NAME##_sum(vk_query_data(query), row, length);                                      \
    }

#define VK_CODE_TABLE(NAME, PLANES)                                                                \
    {                                                                                              \
        .name = NAME, .bytes_dot = {bytes_dot_usual, bytes_dot_scan},                             \
        .nibbles_dot = {nibbles_dot_usual, nibbles_dot_scan},                                      \
        .planes = VK_BATCH(PLANES), .nibbles_l1 = VK_BATCH(nibbles_l1),                            \
        .nibbles_l2 = {nibbles_l2_whole, nibbles_l2_scan}, .unpack = unpack, .places_l2 = places_l2, \
        .f16_dot = VK_BATCH(f16_dot), .f16_l2 = VK_BATCH(f16_l2), .f16_l1 = VK_BATCH(f16_l1),      \
        .rotate = rotate, .quantize = quantize                                                     \
    }

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
