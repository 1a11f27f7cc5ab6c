#include "kernels_codes.h"

// AVX2, FMA and F16C: 32 bytes of codes per step; a rest is copied out of its row first.
#if defined(__x86_64__)
#define ISA __attribute__((target("avx2,fma,f16c,popcnt")))
#define ISA_INLINE ISA VK_INLINE
#include "kernels_codes_x86.h"
#include "kernels_codes_encode.h"
#include "kernels_codes_bits.h"

ISA_INLINE __m256i load32(const uint8_t *bytes) {
    return _mm256_loadu_si256((const __m256i *)bytes);
}
ISA_INLINE __m256i load_rest(const uint8_t *bytes, size_t count) {
    uint8_t copy[32] = {0};
    memcpy(copy, bytes, count);
    return load32(copy);
}
ISA_INLINE __m128i sum4_of(__m256i a, __m256i b, __m256i c, __m256i d) {
    const __m256i all = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    return _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
}
ISA_INLINE uint32_t sum_of(__m256i a) {
    return (uint32_t)_mm_cvtsi128_si32(sum4_of(a, a, a, a));
}

/// Products of unsigned and signed bytes do not fit in pairs of 16 bits, so both are widened.
ISA_INLINE __m256i step_bytes_dot(__m256i sum, const uint8_t *q, size_t padded, __m256i row) {
    (void)padded;
    const __m256i query = load32(q);
    const __m256i low = _mm256_madd_epi16(
        _mm256_cvtepu8_epi16(_mm256_castsi256_si128(row)),
        _mm256_cvtepi8_epi16(_mm256_castsi256_si128(query)));
    const __m256i high = _mm256_madd_epi16(
        _mm256_cvtepu8_epi16(_mm256_extracti128_si256(row, 1)),
        _mm256_cvtepi8_epi16(_mm256_extracti128_si256(query, 1)));
    return _mm256_add_epi32(sum, _mm256_add_epi32(low, high));
}
ISA_INLINE __m256i low_halves(__m256i row) { return _mm256_and_si256(row, _mm256_set1_epi8(15)); }
ISA_INLINE __m256i step_nibbles_dot(__m256i sum, const uint8_t *q, size_t padded, __m256i row) {
    const __m256i low = _mm256_maddubs_epi16(low_halves(row), load32(q));
    const __m256i high =
        _mm256_maddubs_epi16(low_halves(_mm256_srli_epi16(row, 4)), load32(q + padded));
    const __m256i pairs = _mm256_add_epi16(low, high);  // at most 4 * 15 * 127
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}
ISA_INLINE __m256i step_nibbles_l1(__m256i sum, const uint8_t *q, size_t padded, __m256i row) {
    const __m256i middle = _mm256_set1_epi8(8);
    const __m256i low = _mm256_or_si256(_mm256_slli_epi16(low_halves(row), 4), middle);
    const __m256i high = _mm256_or_si256(_mm256_andnot_si256(_mm256_set1_epi8(15), row), middle);
    sum = _mm256_add_epi32(sum, _mm256_sad_epu8(low, load32(q)));
    return _mm256_add_epi32(sum, _mm256_sad_epu8(high, load32(q + padded)));
}

#define DEFINE_CODES(NAME)                                                                         \
    ISA_INLINE uint32_t NAME##_sum(const uint8_t *q, const uint8_t *row, size_t count) {           \
        const size_t padded = vk_round64(count);                                                   \
        __m256i sum = _mm256_setzero_si256();                                                      \
        size_t i = 0;                                                                              \
        for (; i + 32 <= count; i += 32) sum = step_##NAME(sum, q + i, padded, load32(row + i));   \
        if (i < count) sum = step_##NAME(sum, q + i, padded, load_rest(row + i, count - i));       \
        return sum_of(sum);                                                 \
    }                                                                                              \
    ISA_INLINE __m128i NAME##_sum4(const uint8_t *q, const uint8_t *r0, const uint8_t *r1,         \
                                   const uint8_t *r2, const uint8_t *r3, size_t count) {           \
        const size_t padded = vk_round64(count);                                                   \
        __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;                            \
        size_t i = 0;                                                                              \
        for (; i + 32 <= count; i += 32) {                                                         \
            s0 = step_##NAME(s0, q + i, padded, load32(r0 + i));                                   \
            s1 = step_##NAME(s1, q + i, padded, load32(r1 + i));                                   \
            s2 = step_##NAME(s2, q + i, padded, load32(r2 + i));                                   \
            s3 = step_##NAME(s3, q + i, padded, load32(r3 + i));                                   \
        }                                                                                          \
        if (i < count) {                                                                           \
            s0 = step_##NAME(s0, q + i, padded, load_rest(r0 + i, count - i));                     \
            s1 = step_##NAME(s1, q + i, padded, load_rest(r1 + i, count - i));                     \
            s2 = step_##NAME(s2, q + i, padded, load_rest(r2 + i, count - i));                     \
            s3 = step_##NAME(s3, q + i, padded, load_rest(r3 + i, count - i));                     \
        }                                                                                          \
        return sum4_of(s0, s1, s2, s3);                                                            \
    }
#define DEFINE_FACTORED(NAME, FACTORS)                                                             \
    DEFINE_CODES(NAME)                                                                             \
    VK_CODES_ROW(ISA, NAME, FACTORS)                                                               \
    ISA_INLINE void NAME##_rows4(const void *query, const uint8_t *r0, const uint8_t *r1,          \
                                 const uint8_t *r2, const uint8_t *r3, size_t length,              \
                                 uint32_t *keys) {                                                 \
        const size_t n = vk_code_bytes(length, FACTORS);                                           \
        const __m128i sums = NAME##_sum4(vk_query_data(query), r0, r1, r2, r3, n);                 \
        store_code_keys(query, r0 + n, r1 + n, r2 + n, r3 + n, sums, keys);                        \
    }                                                                                              \
    VK_DEFINE_BATCH(ISA, NAME, 1, 0)
DEFINE_FACTORED(bytes_dot, VK_FACTORS)
DEFINE_FACTORED(nibbles_dot, VK_FACTORS)
VK_DEFINE_USUAL(ISA, bytes_dot)
VK_DEFINE_USUAL(ISA, nibbles_dot)

DEFINE_CODES(nibbles_l1)
VK_CODES_SUM_ROW(ISA, nibbles_l1)
ISA_INLINE void nibbles_l1_rows4(const void *query, const uint8_t *r0, const uint8_t *r1,
                                 const uint8_t *r2, const uint8_t *r3, size_t length,
                                 uint32_t *keys) {
    const __m128i sums = nibbles_l1_sum4(vk_query_data(query), r0, r1, r2, r3, length);
    _mm_storeu_si128((__m128i *)keys, sums);
}
VK_DEFINE_BATCH(ISA, nibbles_l1, 1, 0)

#define VEC __m256i
#define WIDTH 32
#define LOAD load32
#define REST load_rest
#define ZERO _mm256_setzero_si256
#define SHUFFLE _mm256_shuffle_epi8
#define SHIFT _mm256_srli_epi16
#define BROADCAST _mm256_broadcastsi128_si256
/// Two squares of differences below 128 fit in 16 bits.
ISA_INLINE __m256i add_squares(__m256i sum, __m256i a, __m256i b) {
    const __m256i difference = _mm256_or_si256(_mm256_subs_epu8(a, b), _mm256_subs_epu8(b, a));
    const __m256i pairs = _mm256_maddubs_epi16(difference, difference);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}
#include "kernels_codes_levels.h"

// MARK: Float16

ISA_INLINE __m256 widen(const uint8_t *row) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)row));
}
ISA_INLINE __m256 step_dot(__m256 sum, __m256 q, __m256 x) { return _mm256_fmadd_ps(q, x, sum); }
ISA_INLINE __m256 step_l2(__m256 sum, __m256 q, __m256 x) {
    const __m256 difference = _mm256_sub_ps(q, x);
    return _mm256_fmadd_ps(difference, difference, sum);
}
ISA_INLINE __m256 step_l1(__m256 sum, __m256 q, __m256 x) {
    const __m256 sign = _mm256_set1_ps(-0.0f);
    return _mm256_add_ps(sum, _mm256_andnot_ps(sign, _mm256_sub_ps(q, x)));
}
ISA_INLINE float total_of(__m256 a) {
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}
#define DEFINE_HALF(NAME, SIGN)                                                                    \
    ISA_INLINE uint32_t f16_##NAME##_row(const void *query, const uint8_t *row, size_t count) {    \
        const float *q = query;                                                                    \
        __m256 even = _mm256_setzero_ps(), odd = even;                                             \
        size_t i = 0;                                                                              \
        for (; i + 16 <= count; i += 16) {                                                         \
            even = step_##NAME(even, _mm256_loadu_ps(q + i), widen(row + 2 * i));                  \
            odd = step_##NAME(odd, _mm256_loadu_ps(q + i + 8), widen(row + 2 * i + 16));           \
        }                                                                                          \
        for (; i < count; i += 8) {                                                                \
            const size_t rest = count - i < 8 ? count - i : 8;                                     \
            float some[8] = {0};                                                                   \
            uint8_t halves[16] = {0};                                                              \
            memcpy(some, q + i, rest * sizeof(float));                                             \
            memcpy(halves, row + 2 * i, rest * 2);                                                 \
            even = step_##NAME(even, _mm256_loadu_ps(some), widen(halves));                        \
        }                                                                                          \
        return vk_finite_key(0.0f SIGN total_of(_mm256_add_ps(even, odd)));                        \
    }                                                                                              \
    VK_CODES_ONE_BY_ONE(ISA, f16_##NAME)                                                           \
    VK_DEFINE_BATCH(ISA, f16_##NAME, 2, 0)
DEFINE_HALF(dot, -)
DEFINE_HALF(l2, +)
DEFINE_HALF(l1, +)

const vk_code_table vk_code_table_avx2 = VK_CODE_TABLE("avx2", planes);
#endif
