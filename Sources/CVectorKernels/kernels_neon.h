#pragma once
#include "vk_internal.h"

// The kernels of 64-bit Arm, included by one file for each instruction set, which defines first:
//   ISA          the functions' attributes
//   step_u7_l2, step_u7_l1, step_u7_dot   sums of sixteen codes, (sum, query, row) -> sum
// Sixteen codes or four floats per step.
#include <arm_neon.h>

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif
#define ISA_INLINE ISA VK_INLINE

// MARK: Loads of a rest

ISA_INLINE float32x4_t load_floats(const float *values, size_t count) {
    float copy[4] = {0};
    memcpy(copy, values, count * sizeof(float));
    return vld1q_f32(copy);
}
/// The bytes from `from` to the end of a row of `length`, after or before zeroes; all rows and queries of
/// one length get them in the same places.
ISA_INLINE uint8x16_t load_rest(const uint8_t *row, size_t from, size_t length) {
    static const uint8_t mask[32] = {[16 ... 31] = 0xff};
    if (length >= 16) return vandq_u8(vld1q_u8(row + length - 16), vld1q_u8(mask + length - from));
    uint8_t copy[16] = {0};
    memcpy(copy, row + from, length - from);
    return vld1q_u8(copy);
}

// MARK: Horizontal sums. Both forms add in the same order, so that batches equal single rows.

ISA_INLINE float32x4_t sum4_f32(float32x4_t a, float32x4_t b, float32x4_t c, float32x4_t d) {
    return vpaddq_f32(vpaddq_f32(a, b), vpaddq_f32(c, d));
}
ISA_INLINE float sum_f32(float32x4_t a) {
    const float32x4_t pairs = vpaddq_f32(a, a);
    return vgetq_lane_f32(vpaddq_f32(pairs, pairs), 0);
}
ISA_INLINE uint32x4_t sum4_u32(uint32x4_t a, uint32x4_t b, uint32x4_t c, uint32x4_t d) {
    return vpaddq_u32(vpaddq_u32(a, b), vpaddq_u32(c, d));
}

// MARK: Floats: four accumulators of 4, blocks of 4 after them, one rest

ISA_INLINE float32x4_t step_dot(float32x4_t sum, float32x4_t a, float32x4_t b) {
    return vfmaq_f32(sum, a, b);
}
ISA_INLINE float32x4_t step_l2(float32x4_t sum, float32x4_t a, float32x4_t b) {
    const float32x4_t difference = vsubq_f32(a, b);
    return vfmaq_f32(sum, difference, difference);
}
ISA_INLINE float32x4_t step_l1(float32x4_t sum, float32x4_t a, float32x4_t b) {
    return vaddq_f32(sum, vabdq_f32(a, b));
}
/// Eight components from eight codes and eight residuals.
ISA_INLINE float32x4x2_t decoded(uint8x8_t codes, uint8x8_t residuals, float32x4_t origin,
                                 float32x4_t fine) {
    const uint16x8_t position = vorrq_u16(vshll_n_u8(codes, 8), vmovl_u8(residuals));
    const float32x4_t low = vcvtq_f32_u32(vmovl_u16(vget_low_u16(position)));
    const float32x4_t high = vcvtq_f32_u32(vmovl_u16(vget_high_u16(position)));
    const float32x4_t low_offset = vmulq_f32(low, fine), high_offset = vmulq_f32(high, fine);
    const float32x4x2_t both = {{vaddq_f32(origin, low_offset), vaddq_f32(origin, high_offset)}};
    return both;
}
/// The first `count` components, at most four, of codes and residuals; zeroes after them.
ISA_INLINE float32x4_t decoded_few(const uint8_t *codes, const uint8_t *residuals, size_t count,
                                   float32x4_t origin, float32x4_t fine) {
    static const uint32_t mask[8] = {~0u, ~0u, ~0u, ~0u, 0, 0, 0, 0};
    uint64_t high = 0, low = 0;
    memcpy(&high, codes, count);
    memcpy(&low, residuals, count);
    const float32x4_t all = decoded(vcreate_u8(high), vcreate_u8(low), origin, fine).val[0];
    const uint32x4_t kept = vandq_u32(vreinterpretq_u32_f32(all), vld1q_u32(mask + 4 - count));
    return vreinterpretq_f32_u32(kept);
}

#define ZERO4 {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)}
#define TOTAL4(SUMS) vaddq_f32(vaddq_f32(SUMS[0], SUMS[1]), vaddq_f32(SUMS[2], SUMS[3]))

#define DEFINE_FLOAT(NAME, STEP, KEY)                                                              \
    ISA static float f32_##NAME(const float *a, const float *b, size_t dimensions) {               \
        float32x4_t sums[4] = ZERO4;                                                               \
        size_t i = 0;                                                                              \
        for (; i + 16 <= dimensions; i += 16)                                                      \
            VK_UNROLL for (size_t k = 0; k < 4; k++) sums[k] =                                     \
                STEP(sums[k], vld1q_f32(a + i + 4 * k), vld1q_f32(b + i + 4 * k));                 \
        for (; i + 4 <= dimensions; i += 4)                                                        \
            sums[0] = STEP(sums[0], vld1q_f32(a + i), vld1q_f32(b + i));                           \
        if (i < dimensions)                                                                        \
            sums[1] = STEP(sums[1], load_floats(a + i, dimensions - i),                            \
                           load_floats(b + i, dimensions - i));                                    \
        return sum_f32(TOTAL4(sums));                                                              \
    }                                                                                              \
    ISA static float residual_##NAME(const float *query, const uint8_t *codes,                     \
                                     const uint8_t *residuals, size_t dimensions,                  \
                                     const vk_map *map) {                                          \
        const float32x4_t origin = vdupq_n_f32(map->origin), fine = vdupq_n_f32(map->fine);        \
        float32x4_t sums[4] = ZERO4;                                                               \
        size_t i = 0;                                                                              \
        for (; i + 16 <= dimensions; i += 16)                                                      \
            VK_UNROLL for (size_t k = 0; k < 4; k += 2) {                                          \
                const float32x4x2_t row = decoded(vld1_u8(codes + i + 4 * k),                      \
                                                  vld1_u8(residuals + i + 4 * k), origin, fine);   \
                sums[k] = STEP(sums[k], vld1q_f32(query + i + 4 * k), row.val[0]);                 \
                sums[k + 1] = STEP(sums[k + 1], vld1q_f32(query + i + 4 * k + 4), row.val[1]);     \
            }                                                                                      \
        for (; i + 4 <= dimensions; i += 4)                                                        \
            sums[0] = STEP(sums[0], vld1q_f32(query + i),                                          \
                           decoded_few(codes + i, residuals + i, 4, origin, fine));                \
        if (i < dimensions)                                                                        \
            sums[1] = STEP(sums[1], load_floats(query + i, dimensions - i),                        \
                           decoded_few(codes + i, residuals + i, dimensions - i, origin, fine));   \
        return sum_f32(TOTAL4(sums));                                                              \
    }                                                                                              \
    ISA_INLINE uint32_t f32_##NAME##_row(const void *q, const uint8_t *row, size_t dimensions) {   \
        return KEY(f32_##NAME(q, (const void *)row, dimensions));                                  \
    }                                                                                              \
    ISA_INLINE void f32_##NAME##_rows4(const void *query, const uint8_t *r0, const uint8_t *r1,    \
                                       const uint8_t *r2, const uint8_t *r3, size_t dimensions,    \
                                       uint32_t *keys) {                                           \
        const float *q = query;                                                                    \
        const float *rows[4] = {(const void *)r0, (const void *)r1, (const void *)r2,              \
                                (const void *)r3};                                                 \
        float32x4_t sums[4][4] = {ZERO4, ZERO4, ZERO4, ZERO4};                                     \
        size_t i = 0;                                                                              \
        for (; i + 16 <= dimensions; i += 16)                                                      \
            VK_UNROLL for (size_t k = 0; k < 4; k++) {                                             \
                const float32x4_t part = vld1q_f32(q + i + 4 * k);                                 \
                VK_UNROLL for (size_t r = 0; r < 4; r++) sums[r][k] =                              \
                    STEP(sums[r][k], part, vld1q_f32(rows[r] + i + 4 * k));                        \
            }                                                                                      \
        for (; i + 4 <= dimensions; i += 4) {                                                      \
            const float32x4_t part = vld1q_f32(q + i);                                             \
            VK_UNROLL for (size_t r = 0; r < 4; r++) sums[r][0] =                                  \
                STEP(sums[r][0], part, vld1q_f32(rows[r] + i));                                    \
        }                                                                                          \
        if (i < dimensions) {                                                                      \
            const float32x4_t part = load_floats(q + i, dimensions - i);                           \
            VK_UNROLL for (size_t r = 0; r < 4; r++) sums[r][1] =                                  \
                STEP(sums[r][1], part, load_floats(rows[r] + i, dimensions - i));                  \
        }                                                                                          \
        float totals[4];                                                                           \
        vst1q_f32(totals, sum4_f32(TOTAL4(sums[0]), TOTAL4(sums[1]), TOTAL4(sums[2]),              \
                                   TOTAL4(sums[3])));                                              \
        VK_UNROLL for (size_t r = 0; r < 4; r++) keys[r] = KEY(totals[r]);                         \
    }                                                                                              \
    VK_DEFINE_BATCH(ISA, f32_##NAME, sizeof(float), 1)
DEFINE_FLOAT(dot, step_dot, vk_dot_key)
DEFINE_FLOAT(l2, step_l2, vk_key_from_float)
DEFINE_FLOAT(l1, step_l1, vk_key_from_float)

ISA static uint32_t f32_unequal(const float *a, const float *b, size_t dimensions) {
    uint32x4_t equal = vdupq_n_u32(0);
    size_t i = 0;
    for (; i + 4 <= dimensions; i += 4)
        equal = vsubq_u32(equal, vceqq_f32(vld1q_f32(a + i), vld1q_f32(b + i)));
    uint32_t sum = (uint32_t)i - vaddvq_u32(equal);
    if (i < dimensions) {
        const uint32x4_t same = vceqq_f32(load_floats(a + i, dimensions - i),
                                          load_floats(b + i, dimensions - i));
        sum += 4 - vaddvq_u32(vshrq_n_u32(same, 31));
    }
    return sum;
}
ISA_INLINE uint32_t f32_unequal_row(const void *q, const uint8_t *row, size_t dimensions) {
    return f32_unequal(q, (const void *)row, dimensions);
}
ISA_INLINE void f32_unequal_rows4(const void *q, const uint8_t *r0, const uint8_t *r1,
                                  const uint8_t *r2, const uint8_t *r3, size_t dimensions,
                                  uint32_t *keys) {
    keys[0] = f32_unequal_row(q, r0, dimensions);
    keys[1] = f32_unequal_row(q, r1, dimensions);
    keys[2] = f32_unequal_row(q, r2, dimensions);
    keys[3] = f32_unequal_row(q, r3, dimensions);
}
VK_DEFINE_BATCH(ISA, f32_unequal, sizeof(float), 0)

// MARK: Codes

ISA_INLINE uint32x4_t step_bits(uint32x4_t sum, uint8x16_t q, uint8x16_t row) {
    return vpadalq_u16(sum, vpaddlq_u8(vcntq_u8(veorq_u8(q, row))));
}
ISA_INLINE uint32x4_t same_keys(uint32x4_t sums) { return sums; }
ISA_INLINE uint32x4_t dot_keys(uint32x4_t sums) {
    return vsubq_u32(vdupq_n_u32(0x80000000u), sums);
}
ISA_INLINE uint32_t same_key(uint32_t sum) { return sum; }
ISA_INLINE uint32_t dot_key(uint32_t sum) { return 0x80000000u - sum; }

#define DEFINE_CODES(NAME, STEP, KEY, KEYS)                                                        \
    ISA_INLINE uint32_t NAME##_sum(const uint8_t *q, const uint8_t *row, size_t dimensions) {      \
        uint32x4_t even = vdupq_n_u32(0), odd = even;                                              \
        size_t i = 0;                                                                              \
        for (; i + 32 <= dimensions; i += 32) {                                                    \
            even = STEP(even, vld1q_u8(q + i), vld1q_u8(row + i));                                 \
            odd = STEP(odd, vld1q_u8(q + i + 16), vld1q_u8(row + i + 16));                         \
        }                                                                                          \
        for (; i + 16 <= dimensions; i += 16)                                                      \
            even = STEP(even, vld1q_u8(q + i), vld1q_u8(row + i));                                 \
        if (i < dimensions)                                                                        \
            odd = STEP(odd, load_rest(q, i, dimensions), load_rest(row, i, dimensions));           \
        return vaddvq_u32(vaddq_u32(even, odd));                                                   \
    }                                                                                              \
    ISA_INLINE uint32_t NAME##_row(const void *q, const uint8_t *row, size_t dimensions) {         \
        return KEY(NAME##_sum(q, row, dimensions));                                                \
    }                                                                                              \
    ISA_INLINE void NAME##_rows4(const void *query, const uint8_t *r0, const uint8_t *r1,          \
                                 const uint8_t *r2, const uint8_t *r3, size_t dimensions,          \
                                 uint32_t *keys) {                                                 \
        const uint8_t *q = query;                                                                  \
        uint32x4_t s0 = vdupq_n_u32(0), s1 = s0, s2 = s0, s3 = s0;                                 \
        size_t i = 0;                                                                              \
        for (; i + 16 <= dimensions; i += 16) {                                                    \
            const uint8x16_t part = vld1q_u8(q + i);                                               \
            s0 = STEP(s0, part, vld1q_u8(r0 + i));                                                 \
            s1 = STEP(s1, part, vld1q_u8(r1 + i));                                                 \
            s2 = STEP(s2, part, vld1q_u8(r2 + i));                                                 \
            s3 = STEP(s3, part, vld1q_u8(r3 + i));                                                 \
        }                                                                                          \
        if (i < dimensions) {                                                                      \
            const uint8x16_t part = load_rest(q, i, dimensions);                                   \
            s0 = STEP(s0, part, load_rest(r0, i, dimensions));                                     \
            s1 = STEP(s1, part, load_rest(r1, i, dimensions));                                     \
            s2 = STEP(s2, part, load_rest(r2, i, dimensions));                                     \
            s3 = STEP(s3, part, load_rest(r3, i, dimensions));                                     \
        }                                                                                          \
        vst1q_u32(keys, KEYS(sum4_u32(s0, s1, s2, s3)));                                           \
    }                                                                                              \
    VK_DEFINE_BATCH(ISA, NAME, 1, 1)
DEFINE_CODES(u7_l2, step_u7_l2, same_key, same_keys)
DEFINE_CODES(u7_l1, step_u7_l1, same_key, same_keys)
DEFINE_CODES(u7_dot, step_u7_dot, dot_key, dot_keys)
DEFINE_CODES(bits_hamming, step_bits, same_key, same_keys)

ISA static uint32_t u7_l2(const uint8_t *a, const uint8_t *b, size_t dimensions) {
    return u7_l2_sum(a, b, dimensions);
}
ISA static uint32_t u7_l1(const uint8_t *a, const uint8_t *b, size_t dimensions) {
    return u7_l1_sum(a, b, dimensions);
}
ISA static int32_t u7_dot(const uint8_t *codes, const int8_t *query, size_t dimensions) {
    return (int32_t)u7_dot_sum((const uint8_t *)query, codes, dimensions);
}
ISA static uint32_t bits_hamming(const uint8_t *a, const uint8_t *b, size_t bytes) {
    return bits_hamming_sum(a, b, bytes);
}

// MARK: Encoding, the same operations in the same order as `vk_encode_component`

ISA static uint32_t encode(const float *vector, size_t dimensions, float scale, const vk_map *map,
                           uint8_t *codes, uint8_t *VK_NULLABLE residuals) {
    const float32x4_t origin = vdupq_n_f32(map->origin), fine = vdupq_n_f32(map->fine);
    const float32x4_t inverse = vdupq_n_f32(map->inverse_fine), factor = vdupq_n_f32(scale);
    const float32x4_t zero = vdupq_n_f32(0), top = vdupq_n_f32(32767);
    const float32x4_t under = vdupq_n_f32(-0.5f), over = vdupq_n_f32(32767.5f);
    uint32x4_t clipped = vdupq_n_u32(0), exact = vdupq_n_u32(~0u);
    size_t i = 0;
    for (; i + 8 <= dimensions; i += 8) {
        uint32x4_t positions[2];
        VK_UNROLL for (size_t half = 0; half < 2; half++) {
            const float32x4_t component = vld1q_f32(vector + i + 4 * half);
            float32x4_t value = vmulq_f32(component, factor);
            value = vsubq_f32(value, origin);
            value = vmulq_f32(value, inverse);
            clipped = vorrq_u32(clipped, vcltq_f32(value, under));
            clipped = vorrq_u32(clipped, vcgtq_f32(value, over));
            value = vminnmq_f32(vmaxnmq_f32(value, zero), top);
            positions[half] = vcvtnq_u32_f32(value);
            const float32x4_t offset = vmulq_f32(vcvtq_f32_u32(positions[half]), fine);
            const float32x4_t back = vaddq_f32(origin, offset);
            exact = vandq_u32(exact, vceqq_u32(vreinterpretq_u32_f32(back),
                                               vreinterpretq_u32_f32(component)));
        }
        const uint16x8_t all = vcombine_u16(vmovn_u32(positions[0]), vmovn_u32(positions[1]));
        vst1_u8(codes + i, vshrn_n_u16(all, 8));
        if (residuals) vst1_u8(residuals + i, vmovn_u16(all));
    }
    uint32_t flags = vmaxvq_u32(clipped) ? VK_CLIPPED : 0;
    if (vminvq_u32(exact) == 0) flags |= VK_INEXACT;
    return flags | vk_encode_span(vector, i, dimensions, scale, map, codes, residuals);
}

ISA static void decode(const uint8_t *codes, const uint8_t *VK_NULLABLE residuals,
                       size_t dimensions, const vk_map *map, float *vector) {
    const float32x4_t origin = vdupq_n_f32(map->origin), fine = vdupq_n_f32(map->fine);
    size_t i = 0;
    for (; residuals && i + 8 <= dimensions; i += 8) {
        const float32x4x2_t row = decoded(vld1_u8(codes + i), vld1_u8(residuals + i), origin, fine);
        vst1q_f32(vector + i, row.val[0]);
        vst1q_f32(vector + i + 4, row.val[1]);
    }
    vk_decode_span(codes, residuals, i, dimensions, map, vector);
}

// MARK: The table

static uint64_t below(const uint32_t *keys, size_t count, uint32_t bar) {
    return vk_below_from(0, keys, count, bar);
}

VK_DEFINE_SEEK(ISA, bits_hamming, bits_hamming_scan, below)

#define VK_NEON_TABLE(NAME)                                                                        \
    {                                                                                              \
        .name = NAME,                                                                              \
        .f32_dot = f32_dot,                                                                        \
        .f32_l2 = f32_l2,                                                                          \
        .f32_l1 = f32_l1,                                                                          \
        .f32_unequal = f32_unequal,                                                                \
        .u7_l2 = u7_l2,                                                                            \
        .u7_l1 = u7_l1,                                                                            \
        .u7_dot = u7_dot,                                                                          \
        .bits_hamming = bits_hamming,                                                              \
        .f32_dot_batch = VK_BATCH(f32_dot),                                                        \
        .f32_l2_batch = VK_BATCH(f32_l2),                                                          \
        .f32_l1_batch = VK_BATCH(f32_l1),                                                          \
        .f32_unequal_batch = VK_BATCH(f32_unequal),                                                \
        .u7_l2_batch = VK_BATCH(u7_l2),                                                            \
        .u7_l1_batch = VK_BATCH(u7_l1),                                                            \
        .u7_dot_batch = VK_BATCH(u7_dot),                                                          \
        .bits_hamming_batch = VK_BATCH(bits_hamming),                                              \
        .encode = encode,                                                                          \
        .decode = decode,                                                                          \
        .residual_dot = residual_dot,                                                              \
        .residual_l2 = residual_l2,                                                                \
        .residual_l1 = residual_l1,                                                                \
        .below = below,                                                                            \
        .bits_hamming_seek = bits_hamming_seek,                                                    \
    }

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
