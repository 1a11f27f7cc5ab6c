#include "vk_tile.h"

// AVX-512 F, BW, VL, DQ and VNNI: 64 codes or 16 floats per step, tails by masked loads (which never
// touch what they mask out).
#if defined(__x86_64__)
#include <immintrin.h>

#define ISA __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma")))
#define ISA_INLINE ISA VK_INLINE

// MARK: Horizontal sums. Both forms add in the same order, so that batches equal single rows.

ISA_INLINE __m128 sum4_ps(__m512 a, __m512 b, __m512 c, __m512 d) {
    const __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
    const __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
    const __m512d low = _mm512_unpacklo_pd(_mm512_castps_pd(ab), _mm512_castps_pd(cd));
    const __m512d high = _mm512_unpackhi_pd(_mm512_castps_pd(ab), _mm512_castps_pd(cd));
    const __m512 all = _mm512_add_ps(_mm512_castpd_ps(low), _mm512_castpd_ps(high));
    const __m256 half =
        _mm256_add_ps(_mm512_castps512_ps256(all), _mm512_extractf32x8_ps(all, 1));
    return _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
}
ISA_INLINE float sum_ps(__m512 a) {
    a = _mm512_add_ps(a, _mm512_permute_ps(a, 0x4e));
    a = _mm512_add_ps(a, _mm512_permute_ps(a, 0xb1));
    const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps(a, 1));
    return _mm_cvtss_f32(_mm_add_ss(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1)));
}
ISA_INLINE __m128i sum4_epi32(__m512i a, __m512i b, __m512i c, __m512i d) {
    const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    const __m512i all =
        _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
    const __m256i half =
        _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}
ISA_INLINE uint32_t sum_epi32(__m512i a) { return (uint32_t)_mm512_reduce_add_epi32(a); }

// MARK: Floats: four accumulators of 16, blocks of 16 after them, one masked rest

ISA_INLINE __m512 step_dot(__m512 sum, __m512 a, __m512 b) { return _mm512_fmadd_ps(a, b, sum); }
ISA_INLINE __m512 step_l2(__m512 sum, __m512 a, __m512 b) {
    const __m512 difference = _mm512_sub_ps(a, b);
    return _mm512_fmadd_ps(difference, difference, sum);
}
ISA_INLINE __m512 step_l1(__m512 sum, __m512 a, __m512 b) {
    return _mm512_add_ps(sum, _mm512_abs_ps(_mm512_sub_ps(a, b)));
}

/// Sixteen components from codes and residuals; `mask` names those that exist, the others are 0.
ISA_INLINE __m512 load_decoded(const uint8_t *codes, const uint8_t *residuals, __mmask16 mask,
                               __m512 origin, __m512 fine) {
    const __m512i high = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, codes));
    const __m512i low = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, residuals));
    const __m512i position = _mm512_or_si512(_mm512_slli_epi32(high, 8), low);
    const __m512 offset = _mm512_mul_ps(_mm512_cvtepi32_ps(position), fine);
    return _mm512_maskz_add_ps(mask, origin, offset);
}

#define DEFINE_FLOAT(NAME, STEP, KEY)                                                              \
    ISA static float f32_##NAME(const float *a, const float *b, size_t dimensions) {               \
        __m512 sums[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(),           \
                          _mm512_setzero_ps()};                                                    \
        size_t i = 0;                                                                              \
        for (; i + 64 <= dimensions; i += 64)                                                      \
            VK_UNROLL for (size_t k = 0; k < 4; k++) sums[k] = STEP(                               \
                sums[k], _mm512_loadu_ps(a + i + 16 * k), _mm512_loadu_ps(b + i + 16 * k));        \
        for (; i + 16 <= dimensions; i += 16)                                                      \
            sums[0] = STEP(sums[0], _mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i));               \
        if (i < dimensions) {                                                                      \
            const __mmask16 mask = (__mmask16)((1u << (dimensions - i)) - 1);                      \
            sums[1] = STEP(sums[1], _mm512_maskz_loadu_ps(mask, a + i),                            \
                           _mm512_maskz_loadu_ps(mask, b + i));                                    \
        }                                                                                          \
        return sum_ps(_mm512_add_ps(_mm512_add_ps(sums[0], sums[1]),                               \
                                    _mm512_add_ps(sums[2], sums[3])));                             \
    }                                                                                              \
    ISA static float residual_##NAME(const float *query, const uint8_t *codes,                     \
                                     const uint8_t *residuals, size_t dimensions,                  \
                                     const vk_map *map) {                                          \
        const __m512 origin = _mm512_set1_ps(map->origin), fine = _mm512_set1_ps(map->fine);       \
        __m512 sums[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(),           \
                          _mm512_setzero_ps()};                                                    \
        size_t i = 0;                                                                              \
        for (; i + 64 <= dimensions; i += 64)                                                      \
            VK_UNROLL for (size_t k = 0; k < 4; k++) sums[k] = STEP(                               \
                sums[k], _mm512_loadu_ps(query + i + 16 * k),                                      \
                load_decoded(codes + i + 16 * k, residuals + i + 16 * k, 0xffff, origin, fine));   \
        for (; i + 16 <= dimensions; i += 16)                                                      \
            sums[0] = STEP(sums[0], _mm512_loadu_ps(query + i),                                    \
                           load_decoded(codes + i, residuals + i, 0xffff, origin, fine));          \
        if (i < dimensions) {                                                                      \
            const __mmask16 mask = (__mmask16)((1u << (dimensions - i)) - 1);                      \
            sums[1] = STEP(sums[1], _mm512_maskz_loadu_ps(mask, query + i),                        \
                           load_decoded(codes + i, residuals + i, mask, origin, fine));            \
        }                                                                                          \
        return sum_ps(_mm512_add_ps(_mm512_add_ps(sums[0], sums[1]),                               \
                                    _mm512_add_ps(sums[2], sums[3])));                             \
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
        __m512 sums[4][4];                                                                         \
        VK_UNROLL for (size_t r = 0; r < 4; r++)                                                   \
            VK_UNROLL for (size_t k = 0; k < 4; k++) sums[r][k] = _mm512_setzero_ps();             \
        size_t i = 0;                                                                              \
        for (; i + 64 <= dimensions; i += 64)                                                      \
            VK_UNROLL for (size_t k = 0; k < 4; k++) {                                             \
                const __m512 part = _mm512_loadu_ps(q + i + 16 * k);                               \
                VK_UNROLL for (size_t r = 0; r < 4; r++) sums[r][k] =                              \
                    STEP(sums[r][k], part, _mm512_loadu_ps(rows[r] + i + 16 * k));                 \
            }                                                                                      \
        for (; i + 16 <= dimensions; i += 16) {                                                    \
            const __m512 part = _mm512_loadu_ps(q + i);                                            \
            VK_UNROLL for (size_t r = 0; r < 4; r++) sums[r][0] =                                  \
                STEP(sums[r][0], part, _mm512_loadu_ps(rows[r] + i));                              \
        }                                                                                          \
        if (i < dimensions) {                                                                      \
            const __mmask16 mask = (__mmask16)((1u << (dimensions - i)) - 1);                      \
            const __m512 part = _mm512_maskz_loadu_ps(mask, q + i);                                \
            VK_UNROLL for (size_t r = 0; r < 4; r++) sums[r][1] =                                  \
                STEP(sums[r][1], part, _mm512_maskz_loadu_ps(mask, rows[r] + i));                  \
        }                                                                                          \
        __m512 row[4];                                                                             \
        VK_UNROLL for (size_t r = 0; r < 4; r++) row[r] =                                          \
            _mm512_add_ps(_mm512_add_ps(sums[r][0], sums[r][1]),                                   \
                          _mm512_add_ps(sums[r][2], sums[r][3]));                                  \
        float totals[4];                                                                           \
        _mm_storeu_ps(totals, sum4_ps(row[0], row[1], row[2], row[3]));                            \
        VK_UNROLL for (size_t r = 0; r < 4; r++) keys[r] = KEY(totals[r]);                         \
    }                                                                                              \
    VK_DEFINE_BATCH(ISA, f32_##NAME, sizeof(float), 1)
DEFINE_FLOAT(dot, step_dot, vk_dot_key)
DEFINE_FLOAT(l2, step_l2, vk_key_from_float)
DEFINE_FLOAT(l1, step_l1, vk_key_from_float)

// MARK: Many queries against many rows

#define VK_VECTOR __m512
#define vk_zero() _mm512_setzero_ps()
#define vk_load(address) _mm512_loadu_ps(address)
#define vk_load_rest(address, count) _mm512_maskz_loadu_ps((__mmask16)((1u << (count)) - 1), address)
enum { VK_LANES = 16, VK_TILE_ROWS = 6 };
VK_DEFINE_TILE(dot, step_dot, vk_dot_key)
VK_DEFINE_TILE(l2, step_l2, vk_key_from_float)
VK_DEFINE_TILE(l1, step_l1, vk_key_from_float)

ISA static uint32_t f32_unequal(const float *a, const float *b, size_t dimensions) {
    uint32_t sum = 0;
    for (size_t i = 0; i < dimensions; i += 16) {
        const size_t left = dimensions - i;
        const __mmask16 mask = left >= 16 ? 0xffff : (__mmask16)((1u << left) - 1);
        const __m512 x = _mm512_maskz_loadu_ps(mask, a + i), y = _mm512_maskz_loadu_ps(mask, b + i);
        sum += (uint32_t)__builtin_popcount(_mm512_cmp_ps_mask(x, y, _CMP_NEQ_UQ));
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

/// Components differ by at most 127, so |a - b| fits the unsigned and the signed operand alike.
ISA_INLINE __m512i step_u7_l2(__m512i sum, __m512i q, __m512i row) {
    const __m512i difference = _mm512_abs_epi8(_mm512_sub_epi8(q, row));
    return _mm512_dpbusd_epi32(sum, difference, difference);
}
ISA_INLINE __m512i step_u7_dot(__m512i sum, __m512i q, __m512i row) {
    return _mm512_dpbusd_epi32(sum, row, q);
}
/// Sums of 8 in 64-bit lanes whose upper halves stay 0, so they add as 32-bit lanes.
ISA_INLINE __m512i step_u7_l1(__m512i sum, __m512i q, __m512i row) {
    return _mm512_add_epi32(sum, _mm512_sad_epu8(q, row));
}
/// Bit counts by a table of 16 nibbles (W. Mula, 2016).
ISA_INLINE __m512i step_bits(__m512i sum, __m512i q, __m512i row) {
    const __m512i counts = _mm512_broadcast_i32x4(
        _mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const __m512i nibble = _mm512_set1_epi8(15);
    const __m512i bits = _mm512_xor_si512(q, row);
    const __m512i low = _mm512_shuffle_epi8(counts, _mm512_and_si512(bits, nibble));
    const __m512i high =
        _mm512_shuffle_epi8(counts, _mm512_and_si512(_mm512_srli_epi16(bits, 4), nibble));
    return _mm512_add_epi32(
        sum, _mm512_sad_epu8(_mm512_add_epi8(low, high), _mm512_setzero_si512()));
}
ISA_INLINE uint32_t same_key(uint32_t sum) { return sum; }
ISA_INLINE __m128i same_keys(__m128i sums) { return sums; }
ISA_INLINE uint32_t dot_key(uint32_t sum) { return 0x80000000u - sum; }
ISA_INLINE __m128i dot_keys(__m128i sums) {
    return _mm_sub_epi32(_mm_set1_epi32((int32_t)0x80000000u), sums);
}

#define DEFINE_CODES(NAME, STEP, KEY, KEYS)                                                        \
    ISA_INLINE uint32_t NAME##_sum(const uint8_t *q, const uint8_t *row, size_t dimensions) {      \
        __m512i even = _mm512_setzero_si512(), odd = _mm512_setzero_si512();                       \
        size_t i = 0;                                                                              \
        for (; i + 128 <= dimensions; i += 128) {                                                  \
            even = STEP(even, _mm512_loadu_si512(q + i), _mm512_loadu_si512(row + i));             \
            odd = STEP(odd, _mm512_loadu_si512(q + i + 64), _mm512_loadu_si512(row + i + 64));     \
        }                                                                                          \
        for (; i < dimensions; i += 64) {                                                          \
            const size_t left = dimensions - i;                                                    \
            const __mmask64 mask = left >= 64 ? ~0ull : (1ull << left) - 1;                        \
            even = STEP(even, _mm512_maskz_loadu_epi8(mask, q + i),                                \
                        _mm512_maskz_loadu_epi8(mask, row + i));                                   \
        }                                                                                          \
        return sum_epi32(_mm512_add_epi32(even, odd));                                             \
    }                                                                                              \
    ISA_INLINE uint32_t NAME##_row(const void *q, const uint8_t *row, size_t dimensions) {         \
        return KEY(NAME##_sum(q, row, dimensions));                                                \
    }                                                                                              \
    ISA_INLINE void NAME##_rows4(const void *query, const uint8_t *r0, const uint8_t *r1,          \
                                 const uint8_t *r2, const uint8_t *r3, size_t dimensions,          \
                                 uint32_t *keys) {                                                 \
        const uint8_t *q = query;                                                                  \
        __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0;                            \
        size_t i = 0;                                                                              \
        for (; i + 64 <= dimensions; i += 64) {                                                    \
            const __m512i part = _mm512_loadu_si512(q + i);                                        \
            s0 = STEP(s0, part, _mm512_loadu_si512(r0 + i));                                       \
            s1 = STEP(s1, part, _mm512_loadu_si512(r1 + i));                                       \
            s2 = STEP(s2, part, _mm512_loadu_si512(r2 + i));                                       \
            s3 = STEP(s3, part, _mm512_loadu_si512(r3 + i));                                       \
        }                                                                                          \
        if (i < dimensions) {                                                                      \
            const __mmask64 mask = (1ull << (dimensions - i)) - 1;                                 \
            const __m512i part = _mm512_maskz_loadu_epi8(mask, q + i);                             \
            s0 = STEP(s0, part, _mm512_maskz_loadu_epi8(mask, r0 + i));                            \
            s1 = STEP(s1, part, _mm512_maskz_loadu_epi8(mask, r1 + i));                            \
            s2 = STEP(s2, part, _mm512_maskz_loadu_epi8(mask, r2 + i));                            \
            s3 = STEP(s3, part, _mm512_maskz_loadu_epi8(mask, r3 + i));                            \
        }                                                                                          \
        _mm_storeu_si128((__m128i *)keys, KEYS(sum4_epi32(s0, s1, s2, s3)));                       \
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

typedef struct {
    __m512 factor, origin, inverse, fine;
    __m512 lowest, highest;  // of all positions before they are limited
    __m512i wrong;           // bits in which any component differs from what it decodes to
} encoder;

/// Sixteen positions as 16-bit numbers; components that `mask` leaves out count for nothing.
ISA_INLINE __m256i encode_block(encoder *e, __m512 component, __mmask16 mask) {
    const __m512 shifted = _mm512_sub_ps(_mm512_mul_ps(component, e->factor), e->origin);
    __m512 value = _mm512_maskz_mul_ps(mask, shifted, e->inverse);
    e->lowest = _mm512_min_ps(value, e->lowest);
    e->highest = _mm512_max_ps(value, e->highest);
    value = _mm512_min_ps(_mm512_max_ps(value, _mm512_setzero_ps()), _mm512_set1_ps(32767.0f));
    const __m512i position = _mm512_cvtps_epi32(value);
    const __m512 offset = _mm512_mul_ps(_mm512_cvtepi32_ps(position), e->fine);
    const __m512i decoded = _mm512_castps_si512(_mm512_add_ps(e->origin, offset));
    const __m512i difference =
        _mm512_maskz_xor_epi32(mask, decoded, _mm512_castps_si512(component));
    e->wrong = _mm512_or_si512(e->wrong, difference);
    const __m256i low = _mm512_castsi512_si256(position);
    const __m256i high = _mm512_extracti64x4_epi64(position, 1);
    return _mm256_permute4x64_epi64(_mm256_packus_epi32(low, high), 0xd8);
}
/// The sixteen bytes of sixteen 16-bit numbers below 256.
ISA_INLINE __m128i packed(__m256i words) {
    return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}
ISA_INLINE __m128i upper_bytes(__m256i words) { return packed(_mm256_srli_epi16(words, 8)); }
ISA_INLINE __m128i lower_bytes(__m256i words) {
    return packed(_mm256_and_si256(words, _mm256_set1_epi16(255)));
}

ISA static uint32_t encode(const float *vector, size_t dimensions, float scale, const vk_map *map,
                           uint8_t *codes, uint8_t *VK_NULLABLE residuals) {
    encoder e = {_mm512_set1_ps(scale), _mm512_set1_ps(map->origin),
                 _mm512_set1_ps(map->inverse_fine), _mm512_set1_ps(map->fine),
                 _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_si512()};
    size_t i = 0;
    for (; i + 16 <= dimensions; i += 16) {
        const __m256i words = encode_block(&e, _mm512_loadu_ps(vector + i), 0xffff);
        _mm_storeu_si128((__m128i *)(codes + i), upper_bytes(words));
        if (residuals) _mm_storeu_si128((__m128i *)(residuals + i), lower_bytes(words));
    }
    if (i < dimensions) {
        const __mmask16 mask = (__mmask16)((1u << (dimensions - i)) - 1);
        const __m256i words = encode_block(&e, _mm512_maskz_loadu_ps(mask, vector + i), mask);
        _mm_mask_storeu_epi8(codes + i, mask, upper_bytes(words));
        if (residuals) _mm_mask_storeu_epi8(residuals + i, mask, lower_bytes(words));
    }
    const int under = _mm512_cmp_ps_mask(e.lowest, _mm512_set1_ps(-0.5f), _CMP_LT_OQ) != 0;
    const int over = _mm512_cmp_ps_mask(e.highest, _mm512_set1_ps(32767.5f), _CMP_GT_OQ) != 0;
    const int inexact = _mm512_test_epi32_mask(e.wrong, e.wrong) != 0;
    return (under | over ? VK_CLIPPED : 0) | (inexact ? VK_INEXACT : 0);
}

ISA static void decode(const uint8_t *codes, const uint8_t *VK_NULLABLE residuals,
                       size_t dimensions, const vk_map *map, float *vector) {
    const __m512 origin = _mm512_set1_ps(map->origin), fine = _mm512_set1_ps(map->fine);
    if (!residuals) return vk_decode_span(codes, residuals, 0, dimensions, map, vector);
    for (size_t i = 0; i < dimensions; i += 16) {
        const size_t left = dimensions - i;
        const __mmask16 mask = left >= 16 ? 0xffff : (__mmask16)((1u << left) - 1);
        _mm512_mask_storeu_ps(
            vector + i, mask, load_decoded(codes + i, residuals + i, mask, origin, fine));
    }
}

ISA static uint64_t below(const uint32_t *keys, size_t count, uint32_t bar) {
    const __m512i bars = _mm512_set1_epi32((int32_t)bar);
    uint64_t found = 0;
    size_t i = 0;
    for (; i + 16 <= count; i += 16)
        found |= (uint64_t)_mm512_cmple_epu32_mask(_mm512_loadu_si512(keys + i), bars) << i;
    return found | vk_below_from(i, keys, count, bar);
}

VK_DEFINE_SEEK(ISA, bits_hamming, bits_hamming_scan, below)

#include "kernels_avx512_bits.h"

#define VK_TABLE_AVX512(HAMMING, HAMMING_GATHER, HAMMING_SCAN, HAMMING_SEEK)                       \
    {                                                                                              \
        .name = "avx512vnni",                                                                      \
        .f32_dot = f32_dot,                                                                        \
        .f32_l2 = f32_l2,                                                                          \
        .f32_l1 = f32_l1,                                                                          \
        .f32_unequal = f32_unequal,                                                                \
        .u7_l2 = u7_l2,                                                                            \
        .u7_l1 = u7_l1,                                                                            \
        .u7_dot = u7_dot,                                                                          \
        .bits_hamming = HAMMING,                                                                   \
        .f32_dot_batch = VK_BATCH(f32_dot),                                                        \
        .f32_l2_batch = VK_BATCH(f32_l2),                                                          \
        .f32_l1_batch = VK_BATCH(f32_l1),                                                          \
        .f32_unequal_batch = VK_BATCH(f32_unequal),                                                \
        .u7_l2_batch = VK_BATCH(u7_l2),                                                            \
        .u7_l1_batch = VK_BATCH(u7_l1),                                                            \
        .u7_dot_batch = VK_BATCH(u7_dot),                                                          \
        .bits_hamming_batch = {HAMMING_GATHER, HAMMING_SCAN},                                      \
        .encode = encode,                                                                          \
        .decode = decode,                                                                          \
        .residual_dot = residual_dot,                                                              \
        .residual_l2 = residual_l2,                                                                \
        .residual_l1 = residual_l1,                                                                \
        .f32_dot_tile = f32_dot_tile,                                                              \
        .f32_l2_tile = f32_l2_tile,                                                                \
        .f32_l1_tile = f32_l1_tile,                                                                \
        .below = below,                                                                            \
        .bits_hamming_seek = HAMMING_SEEK,                                                         \
    }
const vk_table vk_table_avx512 =
    VK_TABLE_AVX512(bits_hamming, bits_hamming_gather, bits_hamming_scan, bits_hamming_seek);
const vk_table vk_table_avx512_popcount =
    VK_TABLE_AVX512(bits_counted, bits_counted_gather, bits_counted_scan_all,
                    bits_counted_seek_all);
#endif
