#include "kernels_codes.h"

// AVX-512 with VNNI: 64 bytes of codes per step, rests by masked loads.
#if defined(__x86_64__)
#define ISA __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c,popcnt")))
#define ISA_POPCOUNT                                                                               \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512vpopcntdq,avx2,fma,f16c,popcnt")))
#define ISA_INLINE ISA VK_INLINE
#include "kernels_codes_x86.h"
#include "kernels_codes_encode.h"

ISA_INLINE __mmask64 rest_of(size_t count) {
    return count >= 64 ? ~(__mmask64)0 : (__mmask64)((1ull << count) - 1);
}
ISA_INLINE __m512i load_masked(const uint8_t *bytes, __mmask64 mask) {
    return _mm512_maskz_loadu_epi8(mask, bytes);
}
ISA_INLINE __m512i load64(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }
ISA_INLINE uint32_t sum_of(__m512i a) { return (uint32_t)_mm512_reduce_add_epi32(a); }
ISA_INLINE __m128i sum4_of(__m512i a, __m512i b, __m512i c, __m512i d) {
    const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    const __m512i all =
        _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
    const __m256i half =
        _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

// A step takes (sum, query, where the bytes stand, padded count, row's bytes).
ISA_INLINE __m512i step_bytes_dot(__m512i sum, const uint8_t *q, size_t padded, __m512i row) {
    (void)padded;
    return _mm512_dpbusd_epi32(sum, row, load64(q));
}
ISA_INLINE __m512i low_halves(__m512i row) { return _mm512_and_si512(row, _mm512_set1_epi8(15)); }
ISA_INLINE __m512i step_nibbles_dot(__m512i sum, const uint8_t *q, size_t padded, __m512i row) {
    sum = _mm512_dpbusd_epi32(sum, low_halves(row), load64(q));
    return _mm512_dpbusd_epi32(sum, low_halves(_mm512_srli_epi16(row, 4)), load64(q + padded));
}
ISA_INLINE __m512i step_nibbles_l1(__m512i sum, const uint8_t *q, size_t padded, __m512i row) {
    const __m512i middle = _mm512_set1_epi8(8);
    const __m512i low = _mm512_or_si512(_mm512_slli_epi16(low_halves(row), 4), middle);
    const __m512i high =
        _mm512_or_si512(_mm512_andnot_si512(_mm512_set1_epi8(15), row), middle);
    sum = _mm512_add_epi32(sum, _mm512_sad_epu8(low, load64(q)));
    return _mm512_add_epi32(sum, _mm512_sad_epu8(high, load64(q + padded)));
}
#define COUNT_STEP(NAME, ATTRIBUTES, COUNT)                                                        \
    ATTRIBUTES VK_INLINE __m512i step_##NAME(__m512i sum, const uint8_t *q, size_t padded,         \
                                             __m512i row) {                                        \
        __m512i bits = _mm512_setzero_si512();                                                     \
        VK_UNROLL for (size_t i = VK_PLANES; i > 0; i--)                                           \
            bits = _mm512_add_epi64(_mm512_add_epi64(bits, bits),                                  \
                                    COUNT(_mm512_xor_si512(row, load64(q + (i - 1) * padded))));   \
        return _mm512_add_epi64(sum, bits);                                                        \
    }
ISA_INLINE __m512i count_by_table(__m512i bits) {
    const __m512i table = _mm512_broadcast_i32x4(
        _mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const __m512i low = _mm512_shuffle_epi8(table, low_halves(bits));
    const __m512i high = _mm512_shuffle_epi8(table, low_halves(_mm512_srli_epi16(bits, 4)));
    return _mm512_sad_epu8(_mm512_add_epi8(low, high), _mm512_setzero_si512());
}
COUNT_STEP(planes, ISA, count_by_table)
COUNT_STEP(counted_planes, ISA_POPCOUNT, _mm512_popcnt_epi64)

#define DEFINE_CODES(NAME, ATTRIBUTES, FACTORS)                                                    \
    ATTRIBUTES VK_INLINE uint32_t NAME##_sum(const uint8_t *q, const uint8_t *row, size_t count) { \
        const size_t padded = vk_round64(count);                                                   \
        __m512i sum = _mm512_setzero_si512();                                                      \
        size_t i = 0;                                                                              \
        for (; i + 64 <= count; i += 64) sum = step_##NAME(sum, q + i, padded, load64(row + i));   \
        if (i < count)                                                                             \
            sum = step_##NAME(sum, q + i, padded, load_masked(row + i, rest_of(count - i)));       \
        return sum_of(sum);                                                                        \
    }                                                                                              \
    ATTRIBUTES VK_INLINE __m128i NAME##_sum4(const uint8_t *q, const uint8_t *r0,                  \
                                             const uint8_t *r1, const uint8_t *r2,                 \
                                             const uint8_t *r3, size_t count) {                    \
        const size_t padded = vk_round64(count);                                                   \
        __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0;                            \
        size_t i = 0;                                                                              \
        for (; i + 64 <= count; i += 64) {                                                         \
            s0 = step_##NAME(s0, q + i, padded, load64(r0 + i));                                   \
            s1 = step_##NAME(s1, q + i, padded, load64(r1 + i));                                   \
            s2 = step_##NAME(s2, q + i, padded, load64(r2 + i));                                   \
            s3 = step_##NAME(s3, q + i, padded, load64(r3 + i));                                   \
        }                                                                                          \
        if (i < count) {                                                                           \
            const __mmask64 mask = rest_of(count - i);                                             \
            s0 = step_##NAME(s0, q + i, padded, load_masked(r0 + i, mask));                        \
            s1 = step_##NAME(s1, q + i, padded, load_masked(r1 + i, mask));                        \
            s2 = step_##NAME(s2, q + i, padded, load_masked(r2 + i, mask));                        \
            s3 = step_##NAME(s3, q + i, padded, load_masked(r3 + i, mask));                        \
        }                                                                                          \
        return sum4_of(s0, s1, s2, s3);                                                            \
    }
#define DEFINE_FACTORED(NAME, ATTRIBUTES, FACTORS)                                                 \
    DEFINE_CODES(NAME, ATTRIBUTES, FACTORS)                                                        \
    VK_CODES_ROW(ATTRIBUTES, NAME, FACTORS)                                                        \
    ATTRIBUTES VK_INLINE void NAME##_rows4(const void *query, const uint8_t *r0,                   \
                                           const uint8_t *r1, const uint8_t *r2,                   \
                                           const uint8_t *r3, size_t length, uint32_t *keys) {     \
        const size_t n = vk_code_bytes(length, FACTORS);                                           \
        const __m128i sums = NAME##_sum4(vk_query_data(query), r0, r1, r2, r3, n);                 \
        store_code_keys(query, r0 + n, r1 + n, r2 + n, r3 + n, sums, keys);                        \
    }                                                                                              \
    VK_DEFINE_BATCH(ATTRIBUTES, NAME, 1, 0)
DEFINE_FACTORED(bytes_dot, ISA, VK_FACTORS)
DEFINE_FACTORED(nibbles_dot, ISA, VK_FACTORS)
VK_DEFINE_USUAL(ISA, bytes_dot)
VK_DEFINE_USUAL(ISA, nibbles_dot)
DEFINE_FACTORED(planes, ISA, VK_BIT_FACTORS)
DEFINE_FACTORED(counted_planes, ISA_POPCOUNT, VK_BIT_FACTORS)

DEFINE_CODES(nibbles_l1, ISA, 0)
VK_CODES_SUM_ROW(ISA, nibbles_l1)
ISA_INLINE void nibbles_l1_rows4(const void *query, const uint8_t *r0, const uint8_t *r1,
                                 const uint8_t *r2, const uint8_t *r3, size_t length,
                                 uint32_t *keys) {
    const __m128i sums = nibbles_l1_sum4(vk_query_data(query), r0, r1, r2, r3, length);
    _mm_storeu_si128((__m128i *)keys, sums);
}
VK_DEFINE_BATCH(ISA, nibbles_l1, 1, 0)

#define VEC __m512i
#define WIDTH 64
#define LOAD load64
#define REST(BYTES, COUNT) load_masked(BYTES, rest_of(COUNT))
#define ZERO _mm512_setzero_si512
#define SHUFFLE _mm512_shuffle_epi8
#define SHIFT _mm512_srli_epi16
#define BROADCAST _mm512_broadcast_i32x4
/// Differences of bytes below 128 are signed and unsigned bytes at once.
ISA_INLINE __m512i add_squares(__m512i sum, __m512i a, __m512i b) {
    const __m512i difference = _mm512_or_si512(_mm512_subs_epu8(a, b), _mm512_subs_epu8(b, a));
    return _mm512_dpbusd_epi32(sum, difference, difference);
}
#include "kernels_codes_levels.h"

// MARK: Float16

ISA_INLINE __m512 widen(const uint8_t *row) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)row));
}
ISA_INLINE __m512 step_dot(__m512 sum, __m512 q, __m512 x) { return _mm512_fmadd_ps(q, x, sum); }
ISA_INLINE __m512 step_l2(__m512 sum, __m512 q, __m512 x) {
    const __m512 difference = _mm512_sub_ps(q, x);
    return _mm512_fmadd_ps(difference, difference, sum);
}
ISA_INLINE __m512 step_l1(__m512 sum, __m512 q, __m512 x) {
    return _mm512_add_ps(sum, _mm512_abs_ps(_mm512_sub_ps(q, x)));
}
#define DEFINE_HALF(NAME, SIGN)                                                                    \
    ISA_INLINE uint32_t f16_##NAME##_row(const void *query, const uint8_t *row, size_t count) {    \
        const float *q = query;                                                                    \
        __m512 even = _mm512_setzero_ps(), odd = even;                                             \
        size_t i = 0;                                                                              \
        for (; i + 32 <= count; i += 32) {                                                         \
            even = step_##NAME(even, _mm512_loadu_ps(q + i), widen(row + 2 * i));                  \
            odd = step_##NAME(odd, _mm512_loadu_ps(q + i + 16), widen(row + 2 * i + 32));          \
        }                                                                                          \
        for (; i < count; i += 16) {                                                               \
            const __mmask16 mask =                                                                 \
                count - i >= 16 ? 0xffff : (__mmask16)((1u << (count - i)) - 1);                   \
            const __m512 x = _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, row + 2 * i));         \
            even = step_##NAME(even, _mm512_maskz_loadu_ps(mask, q + i), x);                       \
        }                                                                                          \
        return vk_finite_key(0.0f SIGN _mm512_reduce_add_ps(_mm512_add_ps(even, odd)));            \
    }                                                                                              \
    VK_CODES_ONE_BY_ONE(ISA, f16_##NAME)                                                           \
    VK_DEFINE_BATCH(ISA, f16_##NAME, 2, 0)
DEFINE_HALF(dot, -)
DEFINE_HALF(l2, +)
DEFINE_HALF(l1, +)

const vk_code_table vk_code_table_avx512 = VK_CODE_TABLE("avx512vnni", planes);
const vk_code_table vk_code_table_avx512_popcount = VK_CODE_TABLE("avx512vnni", counted_planes);
#endif
