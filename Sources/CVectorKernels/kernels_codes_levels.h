#pragma once
#include "kernels_codes_x86.h"

// nibbles_l2 of the x86 files, which define VEC, WIDTH and the operations on a vector, add_squares and low_halves first.
#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

// Levels of a row's codes against the query's; the levels are the same for all rows.
ISA_INLINE VEC step_nibbles_l2(VEC sum, const uint8_t *q, size_t padded, VEC levels, VEC row) {
    sum = add_squares(sum, LOAD(q), SHUFFLE(levels, low_halves(row)));
    return add_squares(sum, LOAD(q + padded), SHUFFLE(levels, low_halves(SHIFT(row, 4))));
}
ISA_INLINE VEC levels_of(const void *query) {
    const uint8_t *levels = (const uint8_t *)query + VK_LEVELS;
    return BROADCAST(_mm_loadu_si128((const __m128i *)levels));
}
ISA_INLINE uint32_t nibbles_l2_row(const void *query, const uint8_t *row, size_t count) {
    const uint8_t *q = vk_query_data(query);
    const size_t padded = vk_round64(count);
    const VEC levels = levels_of(query);
    VEC sum = ZERO();
    size_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH)
        sum = step_nibbles_l2(sum, q + i, padded, levels, LOAD(row + i));
    if (i < count)
        sum = step_nibbles_l2(sum, q + i, padded, levels, REST(row + i, count - i));
    return sum_of(sum);
}
ISA_INLINE void nibbles_l2_rows4(const void *query, const uint8_t *r0, const uint8_t *r1,
                                 const uint8_t *r2, const uint8_t *r3, size_t count,
                                 uint32_t *keys) {
    const uint8_t *q = vk_query_data(query);
    const size_t padded = vk_round64(count);
    const VEC levels = levels_of(query);
    VEC s0 = ZERO(), s1 = s0, s2 = s0, s3 = s0;
    size_t i = 0;
    for (; i + WIDTH <= count; i += WIDTH) {
        s0 = step_nibbles_l2(s0, q + i, padded, levels, LOAD(r0 + i));
        s1 = step_nibbles_l2(s1, q + i, padded, levels, LOAD(r1 + i));
        s2 = step_nibbles_l2(s2, q + i, padded, levels, LOAD(r2 + i));
        s3 = step_nibbles_l2(s3, q + i, padded, levels, LOAD(r3 + i));
    }
    if (i < count) {
        s0 = step_nibbles_l2(s0, q + i, padded, levels, REST(r0 + i, count - i));
        s1 = step_nibbles_l2(s1, q + i, padded, levels, REST(r1 + i, count - i));
        s2 = step_nibbles_l2(s2, q + i, padded, levels, REST(r2 + i, count - i));
        s3 = step_nibbles_l2(s3, q + i, padded, levels, REST(r3 + i, count - i));
    }
    _mm_storeu_si128((__m128i *)keys, sum4_of(s0, s1, s2, s3));
}
VK_DEFINE_BATCH(ISA, nibbles_l2, 1, 0)
VK_DEFINE_WHOLE(ISA, nibbles_l2)

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
