#pragma once
#include "kernels_codes.h"
#include <immintrin.h>

// What the x86 files share; they define ISA_INLINE first. The keys of four rows at once, bit for bit
// those of vk_code_key.
#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

ISA_INLINE __m128 two_factors(const uint8_t *a, const uint8_t *b) {
    const __m128i low = _mm_loadl_epi64((const __m128i *)a), high = _mm_loadl_epi64((const __m128i *)b);
    return _mm_castsi128_ps(_mm_unpacklo_epi64(low, high));
}
/// Keys of four finite or overflowed floats; NaN counts as the farthest.
ISA_INLINE __m128i finite_keys(__m128 values) {
    values = _mm_max_ps(_mm_min_ps(values, _mm_set1_ps(FLT_MAX)), _mm_set1_ps(-FLT_MAX));
    const __m128i bits = _mm_castps_si128(values);
    const __m128i flips = _mm_or_si128(_mm_srai_epi32(bits, 31), _mm_set1_epi32((int32_t)0x80000000u));
    return _mm_xor_si128(bits, flips);
}
ISA_INLINE void store_code_keys(const void *query, const uint8_t *f0, const uint8_t *f1,
                                const uint8_t *f2, const uint8_t *f3, __m128i sums, uint32_t *keys) {
    vk_code_query head;
    memcpy(&head, query, sizeof head);
    const __m128 a = two_factors(f0, f1), b = two_factors(f2, f3);
    const __m128 add = _mm_shuffle_ps(a, b, 0x88), rescale = _mm_shuffle_ps(a, b, 0xdd);
    const __m128i steps = _mm_mullo_epi32(sums, _mm_set1_epi32((int32_t)head.multiplier));
    const __m128i value = _mm_add_epi32(_mm_set1_epi32((int32_t)head.correction), steps);
    const __m128 scaled = _mm_mul_ps(rescale, _mm_set1_ps(head.slope));
    const __m128 product = _mm_mul_ps(scaled, _mm_cvtepi32_ps(value));
    const __m128 base = _mm_add_ps(add, _mm_set1_ps(head.constant));
    _mm_storeu_si128((__m128i *)keys, finite_keys(_mm_add_ps(base, product)));
}

/// Replaces 16 codes below 16 by their bytes of a table.
ISA_INLINE void lookup16(const uint8_t *table, uint8_t *codes) {
    const __m128i all = _mm_loadu_si128((const __m128i *)table);
    _mm_storeu_si128((__m128i *)codes, _mm_shuffle_epi8(all, _mm_loadu_si128((const __m128i *)codes)));
}

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
