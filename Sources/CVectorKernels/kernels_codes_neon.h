#pragma once
#include "kernels_codes.h"
#include <arm_neon.h>

// The codes' kernels of 64-bit Arm, included by one file for each instruction set, which defines ISA and
// the sums of sixteen products of codes and signed query bytes first: step_wide_dot for codes of 8 bits,
// step_narrow_dot for codes of 4.
#define ISA_INLINE ISA VK_INLINE
#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif
/// Replaces 16 codes below 16 by their bytes of a table.
ISA_INLINE void lookup16(const uint8_t *table, uint8_t *codes) {
    vst1q_u8(codes, vqtbl1q_u8(vld1q_u8(table), vld1q_u8(codes)));
}
#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
#include "kernels_codes_encode.h"

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

ISA_INLINE uint8x16_t load_rest(const uint8_t *bytes, size_t count) {
    uint8_t copy[16] = {0};
    memcpy(copy, bytes, count);
    return vld1q_u8(copy);
}
ISA_INLINE uint32x4_t step_bytes_dot(uint32x4_t sum, const uint8_t *q, size_t padded,
                                     uint8x16_t row) {
    (void)padded;
    return step_wide_dot(sum, row, vreinterpretq_s8_u8(vld1q_u8(q)));
}
ISA_INLINE uint32x4_t step_nibbles_dot(uint32x4_t sum, const uint8_t *q, size_t padded,
                                       uint8x16_t row) {
    const uint8x16_t low = vandq_u8(row, vdupq_n_u8(15)), high = vshrq_n_u8(row, 4);
    sum = step_narrow_dot(sum, low, vreinterpretq_s8_u8(vld1q_u8(q)));
    return step_narrow_dot(sum, high, vreinterpretq_s8_u8(vld1q_u8(q + padded)));
}
ISA_INLINE uint32x4_t step_nibbles_l1(uint32x4_t sum, const uint8_t *q, size_t padded,
                                      uint8x16_t row) {
    const uint8x16_t middle = vdupq_n_u8(8);
    const uint8x16_t low = vorrq_u8(vshlq_n_u8(row, 4), middle);
    const uint8x16_t high = vorrq_u8(vandq_u8(row, vdupq_n_u8(0xf0)), middle);
    sum = vpadalq_u16(sum, vpaddlq_u8(vabdq_u8(low, vld1q_u8(q))));
    return vpadalq_u16(sum, vpaddlq_u8(vabdq_u8(high, vld1q_u8(q + padded))));
}
/// At most 8 * (2^VK_PLANES - 1) = 248 in each byte.
ISA_INLINE uint32x4_t step_planes(uint32x4_t sum, const uint8_t *q, size_t padded, uint8x16_t row) {
    uint8x16_t bits = vdupq_n_u8(0);
    VK_UNROLL for (size_t i = VK_PLANES; i > 0; i--)
        bits = vaddq_u8(vaddq_u8(bits, bits), vcntq_u8(veorq_u8(row, vld1q_u8(q + (i - 1) * padded))));
    return vpadalq_u16(sum, vpaddlq_u8(bits));
}

#define DEFINE_CODES(NAME)                                                                         \
    ISA_INLINE uint32_t NAME##_sum(const uint8_t *q, const uint8_t *row, size_t count) {           \
        const size_t padded = vk_round64(count);                                                   \
        uint32x4_t sum = vdupq_n_u32(0);                                                           \
        size_t i = 0;                                                                              \
        for (; i + 16 <= count; i += 16)                                                           \
            sum = step_##NAME(sum, q + i, padded, vld1q_u8(row + i));                              \
        if (i < count) sum = step_##NAME(sum, q + i, padded, load_rest(row + i, count - i));       \
        return vaddvq_u32(sum);                                                                    \
    }
#define DEFINE_FACTORED(NAME, FACTORS)                                                             \
    DEFINE_CODES(NAME)                                                                             \
    VK_CODES_ROW(ISA, NAME, FACTORS)                                                               \
    VK_CODES_ONE_BY_ONE(ISA, NAME)                                                                 \
    VK_DEFINE_BATCH(ISA, NAME, 1, 0)
DEFINE_FACTORED(bytes_dot, VK_FACTORS)
DEFINE_FACTORED(nibbles_dot, VK_FACTORS)
VK_DEFINE_USUAL(ISA, bytes_dot)
VK_DEFINE_USUAL(ISA, nibbles_dot)
DEFINE_FACTORED(planes, VK_BIT_FACTORS)
DEFINE_CODES(nibbles_l1)
VK_CODES_SUM_ROW(ISA, nibbles_l1)
VK_CODES_ONE_BY_ONE(ISA, nibbles_l1)
VK_DEFINE_BATCH(ISA, nibbles_l1, 1, 0)

ISA_INLINE uint32x4_t add_squares(uint32x4_t sum, uint8x16_t a, uint8x16_t b) {
    const uint8x16_t difference = vabdq_u8(a, b);
    const uint8x8_t low = vget_low_u8(difference);
    sum = vpadalq_u16(sum, vmull_u8(low, low));
    return vpadalq_u16(sum, vmull_high_u8(difference, difference));
}
ISA_INLINE uint32_t nibbles_l2_row(const void *query, const uint8_t *row, size_t count) {
    const uint8_t *q = vk_query_data(query), *high = q + vk_round64(count);
    const uint8x16_t levels = vld1q_u8((const uint8_t *)query + VK_LEVELS);
    uint32x4_t sum = vdupq_n_u32(0);
    for (size_t i = 0; i < count; i += 16) {
        const uint8x16_t codes = i + 16 <= count ? vld1q_u8(row + i) : load_rest(row + i, count - i);
        sum = add_squares(sum, vld1q_u8(q + i), vqtbl1q_u8(levels, vandq_u8(codes, vdupq_n_u8(15))));
        sum = add_squares(sum, vld1q_u8(high + i), vqtbl1q_u8(levels, vshrq_n_u8(codes, 4)));
    }
    return vaddvq_u32(sum);
}
VK_CODES_ONE_BY_ONE(ISA, nibbles_l2)
VK_DEFINE_BATCH(ISA, nibbles_l2, 1, 0)
VK_DEFINE_WHOLE(ISA, nibbles_l2)

// MARK: Float16

ISA_INLINE float32x4_t widen(const uint8_t *row) {
    return vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(row)));
}
ISA_INLINE float32x4_t step_half_dot(float32x4_t sum, float32x4_t q, float32x4_t x) {
    return vfmaq_f32(sum, q, x);
}
ISA_INLINE float32x4_t step_half_l2(float32x4_t sum, float32x4_t q, float32x4_t x) {
    const float32x4_t difference = vsubq_f32(q, x);
    return vfmaq_f32(sum, difference, difference);
}
ISA_INLINE float32x4_t step_half_l1(float32x4_t sum, float32x4_t q, float32x4_t x) {
    return vaddq_f32(sum, vabdq_f32(q, x));
}
#define DEFINE_HALF(NAME, SIGN)                                                                    \
    ISA_INLINE uint32_t f16_##NAME##_row(const void *query, const uint8_t *row, size_t count) {    \
        const float *q = query;                                                                    \
        float32x4_t even = vdupq_n_f32(0), odd = even;                                             \
        size_t i = 0;                                                                              \
        for (; i + 8 <= count; i += 8) {                                                           \
            even = step_half_##NAME(even, vld1q_f32(q + i), widen(row + 2 * i));                   \
            odd = step_half_##NAME(odd, vld1q_f32(q + i + 4), widen(row + 2 * i + 8));             \
        }                                                                                          \
        for (; i < count; i += 4) {                                                                \
            const size_t rest = count - i < 4 ? count - i : 4;                                     \
            float some[4] = {0};                                                                   \
            uint8_t halves[8] = {0};                                                               \
            memcpy(some, q + i, rest * sizeof(float));                                             \
            memcpy(halves, row + 2 * i, rest * 2);                                                 \
            even = step_half_##NAME(even, vld1q_f32(some), widen(halves));                         \
        }                                                                                          \
        return vk_finite_key(0.0f SIGN vaddvq_f32(vaddq_f32(even, odd)));                          \
    }                                                                                              \
    VK_CODES_ONE_BY_ONE(ISA, f16_##NAME)                                                           \
    VK_DEFINE_BATCH(ISA, f16_##NAME, 2, 0)
DEFINE_HALF(dot, -)
DEFINE_HALF(l2, +)
DEFINE_HALF(l1, +)

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
