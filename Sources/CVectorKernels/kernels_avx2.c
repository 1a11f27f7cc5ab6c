#include "vk_tile.h"

// AVX2 and FMA: 32 codes or 8 floats per step. Float tails use masked loads; byte tails load the row's
// last 32 bytes again and blank those already counted.
#if defined(__x86_64__)
#include <immintrin.h>

#define ISA __attribute__((target("avx2,fma")))
#define ISA_INLINE ISA VK_INLINE

// MARK: Loads of a rest

ISA_INLINE __m256i rest_mask(size_t count) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)count), lanes);
}
ISA_INLINE __m256i load32(const uint8_t *bytes) {
    return _mm256_loadu_si256((const __m256i *)bytes);
}
/// The bytes from `from` to the end of a row of `length`, after or before zeroes; all rows and queries of
/// one length get them in the same places.
ISA_INLINE __m256i load_rest(const uint8_t *row, size_t from, size_t length) {
    static const uint8_t mask[64] = {[32 ... 63] = 0xff};
    if (length >= 32) return _mm256_and_si256(load32(row + length - 32), load32(mask + length - from));
    uint8_t copy[32] = {0};
    memcpy(copy, row + from, length - from);
    return load32(copy);
}
ISA_INLINE __m128i load8(const uint8_t *bytes) { return _mm_loadl_epi64((const __m128i *)bytes); }
ISA_INLINE __m128i load_few(const uint8_t *bytes, size_t count) {
    uint64_t copy = 0;
    memcpy(&copy, bytes, count);
    return _mm_cvtsi64_si128((long long)copy);
}

// MARK: Horizontal sums. Both forms add in the same order, so that batches equal single rows.

ISA_INLINE __m128 sum4_ps(__m256 a, __m256 b, __m256 c, __m256 d) {
    const __m256 ab = _mm256_add_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
    const __m256 cd = _mm256_add_ps(_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
    const __m256d low = _mm256_unpacklo_pd(_mm256_castps_pd(ab), _mm256_castps_pd(cd));
    const __m256d high = _mm256_unpackhi_pd(_mm256_castps_pd(ab), _mm256_castps_pd(cd));
    const __m256 all = _mm256_add_ps(_mm256_castpd_ps(low), _mm256_castpd_ps(high));
    return _mm_add_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps(all, 1));
}
ISA_INLINE float sum_ps(__m256 a) {
    a = _mm256_add_ps(a, _mm256_permute_ps(a, 0x4e));
    a = _mm256_add_ps(a, _mm256_permute_ps(a, 0xb1));
    return _mm_cvtss_f32(_mm_add_ss(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1)));
}
ISA_INLINE __m128i sum4_epi32(__m256i a, __m256i b, __m256i c, __m256i d) {
    const __m256i ab = _mm256_add_epi32(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    const __m256i cd = _mm256_add_epi32(_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d));
    const __m256i all =
        _mm256_add_epi32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
    return _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
}
ISA_INLINE uint32_t sum_epi32(__m256i a) {
    return (uint32_t)_mm_cvtsi128_si32(
        sum4_epi32(a, _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()));
}

// MARK: Floats: four accumulators of 8, blocks of 8 after them, one masked rest

ISA_INLINE __m256 step_dot(__m256 sum, __m256 a, __m256 b) { return _mm256_fmadd_ps(a, b, sum); }
ISA_INLINE __m256 step_l2(__m256 sum, __m256 a, __m256 b) {
    const __m256 difference = _mm256_sub_ps(a, b);
    return _mm256_fmadd_ps(difference, difference, sum);
}
ISA_INLINE __m256 step_l1(__m256 sum, __m256 a, __m256 b) {
    const __m256 difference = _mm256_sub_ps(a, b);
    return _mm256_add_ps(sum, _mm256_andnot_ps(_mm256_set1_ps(-0.0f), difference));
}
/// Eight components from eight codes and eight residuals.
ISA_INLINE __m256 decoded(__m128i codes, __m128i residuals, __m256 origin, __m256 fine) {
    const __m256i high = _mm256_slli_epi32(_mm256_cvtepu8_epi32(codes), 8);
    const __m256i position = _mm256_or_si256(high, _mm256_cvtepu8_epi32(residuals));
    const __m256 offset = _mm256_mul_ps(_mm256_cvtepi32_ps(position), fine);
    return _mm256_add_ps(origin, offset);
}

#define ZERO4 {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()}
#define TOTAL4(SUMS) _mm256_add_ps(_mm256_add_ps(SUMS[0], SUMS[1]), _mm256_add_ps(SUMS[2], SUMS[3]))

#define DEFINE_FLOAT(NAME, STEP, KEY)                                                              \
    ISA static float f32_##NAME(const float *a, const float *b, size_t dimensions) {               \
        __m256 sums[4] = ZERO4;                                                                    \
        size_t i = 0;                                                                              \
        for (; i + 32 <= dimensions; i += 32)                                                      \
            VK_UNROLL for (size_t k = 0; k < 4; k++) sums[k] = STEP(                               \
                sums[k], _mm256_loadu_ps(a + i + 8 * k), _mm256_loadu_ps(b + i + 8 * k));          \
        for (; i + 8 <= dimensions; i += 8)                                                        \
            sums[0] = STEP(sums[0], _mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));               \
        if (i < dimensions) {                                                                      \
            const __m256i mask = rest_mask(dimensions - i);                                        \
            sums[1] = STEP(                                                                        \
                sums[1], _mm256_maskload_ps(a + i, mask), _mm256_maskload_ps(b + i, mask));        \
        }                                                                                          \
        return sum_ps(TOTAL4(sums));                                                               \
    }                                                                                              \
    ISA static float residual_##NAME(const float *query, const uint8_t *codes,                     \
                                     const uint8_t *residuals, size_t dimensions,                  \
                                     const vk_map *map) {                                          \
        const __m256 origin = _mm256_set1_ps(map->origin), fine = _mm256_set1_ps(map->fine);       \
        __m256 sums[4] = ZERO4;                                                                    \
        size_t i = 0;                                                                              \
        for (; i + 32 <= dimensions; i += 32)                                                      \
            VK_UNROLL for (size_t k = 0; k < 4; k++) sums[k] = STEP(                               \
                sums[k], _mm256_loadu_ps(query + i + 8 * k),                                       \
                decoded(load8(codes + i + 8 * k), load8(residuals + i + 8 * k), origin, fine));    \
        for (; i + 8 <= dimensions; i += 8)                                                        \
            sums[0] = STEP(sums[0], _mm256_loadu_ps(query + i),                                    \
                           decoded(load8(codes + i), load8(residuals + i), origin, fine));         \
        if (i < dimensions) {                                                                      \
            const size_t left = dimensions - i;                                                    \
            const __m256i mask = rest_mask(left);                                                  \
            const __m256 row = decoded(                                                            \
                load_few(codes + i, left), load_few(residuals + i, left), origin, fine);           \
            sums[1] = STEP(sums[1], _mm256_maskload_ps(query + i, mask),                           \
                           _mm256_and_ps(row, _mm256_castsi256_ps(mask)));                         \
        }                                                                                          \
        return sum_ps(TOTAL4(sums));                                                               \
    }                                                                                              \
    ISA_INLINE uint32_t f32_##NAME##_row(const void *q, const uint8_t *row, size_t dimensions) {   \
        return KEY(f32_##NAME(q, (const void *)row, dimensions));                                  \
    }                                                                                              \
    ISA_INLINE void f32_##NAME##_rows2(const float *q, const float *r0, const float *r1,           \
                                       size_t dimensions, __m256 *totals) {                        \
        __m256 s0[4] = ZERO4, s1[4] = ZERO4;                                                       \
        size_t i = 0;                                                                              \
        for (; i + 32 <= dimensions; i += 32)                                                      \
            VK_UNROLL for (size_t k = 0; k < 4; k++) {                                             \
                const __m256 part = _mm256_loadu_ps(q + i + 8 * k);                                \
                s0[k] = STEP(s0[k], part, _mm256_loadu_ps(r0 + i + 8 * k));                        \
                s1[k] = STEP(s1[k], part, _mm256_loadu_ps(r1 + i + 8 * k));                        \
            }                                                                                      \
        for (; i + 8 <= dimensions; i += 8) {                                                      \
            const __m256 part = _mm256_loadu_ps(q + i);                                            \
            s0[0] = STEP(s0[0], part, _mm256_loadu_ps(r0 + i));                                    \
            s1[0] = STEP(s1[0], part, _mm256_loadu_ps(r1 + i));                                    \
        }                                                                                          \
        if (i < dimensions) {                                                                      \
            const __m256i mask = rest_mask(dimensions - i);                                        \
            const __m256 part = _mm256_maskload_ps(q + i, mask);                                   \
            s0[1] = STEP(s0[1], part, _mm256_maskload_ps(r0 + i, mask));                           \
            s1[1] = STEP(s1[1], part, _mm256_maskload_ps(r1 + i, mask));                           \
        }                                                                                          \
        totals[0] = TOTAL4(s0);                                                                    \
        totals[1] = TOTAL4(s1);                                                                    \
    }                                                                                              \
    ISA_INLINE void f32_##NAME##_rows4(const void *q, const uint8_t *r0, const uint8_t *r1,        \
                                       const uint8_t *r2, const uint8_t *r3, size_t dimensions,    \
                                       uint32_t *keys) {                                           \
        __m256 rows[4];                                                                            \
        f32_##NAME##_rows2(q, (const void *)r0, (const void *)r1, dimensions, rows);               \
        f32_##NAME##_rows2(q, (const void *)r2, (const void *)r3, dimensions, rows + 2);           \
        float totals[4];                                                                           \
        _mm_storeu_ps(totals, sum4_ps(rows[0], rows[1], rows[2], rows[3]));                        \
        VK_UNROLL for (size_t r = 0; r < 4; r++) keys[r] = KEY(totals[r]);                         \
    }                                                                                              \
    VK_DEFINE_BATCH(ISA, f32_##NAME, sizeof(float), 1)
DEFINE_FLOAT(dot, step_dot, vk_dot_key)
DEFINE_FLOAT(l2, step_l2, vk_key_from_float)
DEFINE_FLOAT(l1, step_l1, vk_key_from_float)

// MARK: Many queries against many rows

#define VK_VECTOR __m256
#define vk_zero() _mm256_setzero_ps()
#define vk_load(address) _mm256_loadu_ps(address)
#define vk_load_rest(address, count) _mm256_maskload_ps(address, rest_mask(count))
enum { VK_LANES = 8, VK_TILE_ROWS = 2 };
VK_DEFINE_TILE(dot, step_dot, vk_dot_key)
VK_DEFINE_TILE(l2, step_l2, vk_key_from_float)
VK_DEFINE_TILE(l1, step_l1, vk_key_from_float)

ISA static uint32_t f32_unequal(const float *a, const float *b, size_t dimensions) {
    uint32_t sum = 0;
    for (size_t i = 0; i < dimensions; i += 8) {
        const __m256i mask = rest_mask(dimensions - i < 8 ? dimensions - i : 8);
        const __m256 x = _mm256_maskload_ps(a + i, mask), y = _mm256_maskload_ps(b + i, mask);
        sum += (uint32_t)__builtin_popcount(
            (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(x, y, _CMP_NEQ_UQ)));
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

/// Two products of at most 127 * 127 do not saturate the 16-bit sums.
ISA_INLINE __m256i step_u7_l2(__m256i sum, __m256i q, __m256i row) {
    const __m256i difference = _mm256_abs_epi8(_mm256_sub_epi8(q, row));
    const __m256i pairs = _mm256_maddubs_epi16(difference, difference);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}
ISA_INLINE __m256i step_u7_dot(__m256i sum, __m256i q, __m256i row) {
    const __m256i pairs = _mm256_maddubs_epi16(row, q);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}
/// Sums of 8 in 64-bit lanes whose upper halves stay 0, so they add as 32-bit lanes.
ISA_INLINE __m256i step_u7_l1(__m256i sum, __m256i q, __m256i row) {
    return _mm256_add_epi32(sum, _mm256_sad_epu8(q, row));
}
/// Bit counts by a table of 16 nibbles (W. Mula, 2016).
ISA_INLINE __m256i step_bits(__m256i sum, __m256i q, __m256i row) {
    const __m256i counts = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i bits = _mm256_xor_si256(q, row);
    const __m256i low = _mm256_shuffle_epi8(counts, _mm256_and_si256(bits, nibble));
    const __m256i high =
        _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(bits, 4), nibble));
    return _mm256_add_epi32(
        sum, _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256()));
}
ISA_INLINE uint32_t same_key(uint32_t sum) { return sum; }
ISA_INLINE __m128i same_keys(__m128i sums) { return sums; }
ISA_INLINE uint32_t dot_key(uint32_t sum) { return 0x80000000u - sum; }
ISA_INLINE __m128i dot_keys(__m128i sums) {
    return _mm_sub_epi32(_mm_set1_epi32((int32_t)0x80000000u), sums);
}

#define DEFINE_CODES(NAME, STEP, KEY, KEYS)                                                        \
    ISA_INLINE uint32_t NAME##_sum(const uint8_t *q, const uint8_t *row, size_t dimensions) {      \
        __m256i even = _mm256_setzero_si256(), odd = even;                                         \
        size_t i = 0;                                                                              \
        for (; i + 64 <= dimensions; i += 64) {                                                    \
            even = STEP(even, load32(q + i), load32(row + i));                                     \
            odd = STEP(odd, load32(q + i + 32), load32(row + i + 32));                             \
        }                                                                                          \
        for (; i + 32 <= dimensions; i += 32) even = STEP(even, load32(q + i), load32(row + i));   \
        if (i < dimensions)                                                                        \
            odd = STEP(odd, load_rest(q, i, dimensions), load_rest(row, i, dimensions));           \
        return sum_epi32(_mm256_add_epi32(even, odd));                                             \
    }                                                                                              \
    ISA_INLINE uint32_t NAME##_row(const void *q, const uint8_t *row, size_t dimensions) {         \
        return KEY(NAME##_sum(q, row, dimensions));                                                \
    }                                                                                              \
    ISA_INLINE void NAME##_rows4(const void *query, const uint8_t *r0, const uint8_t *r1,          \
                                 const uint8_t *r2, const uint8_t *r3, size_t dimensions,          \
                                 uint32_t *keys) {                                                 \
        const uint8_t *q = query;                                                                  \
        __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;                            \
        size_t i = 0;                                                                              \
        for (; i + 32 <= dimensions; i += 32) {                                                    \
            const __m256i part = load32(q + i);                                                    \
            s0 = STEP(s0, part, load32(r0 + i));                                                   \
            s1 = STEP(s1, part, load32(r1 + i));                                                   \
            s2 = STEP(s2, part, load32(r2 + i));                                                   \
            s3 = STEP(s3, part, load32(r3 + i));                                                   \
        }                                                                                          \
        if (i < dimensions) {                                                                      \
            const __m256i part = load_rest(q, i, dimensions);                                      \
            s0 = STEP(s0, part, load_rest(r0, i, dimensions));                                     \
            s1 = STEP(s1, part, load_rest(r1, i, dimensions));                                     \
            s2 = STEP(s2, part, load_rest(r2, i, dimensions));                                     \
            s3 = STEP(s3, part, load_rest(r3, i, dimensions));                                     \
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

/// The low bytes of eight 32-bit numbers, each at most 255.
ISA_INLINE void store_bytes(uint8_t *bytes, __m256i numbers) {
    const __m128i words = _mm_packus_epi32(
        _mm256_castsi256_si128(numbers), _mm256_extracti128_si256(numbers, 1));
    _mm_storel_epi64((__m128i *)bytes, _mm_packus_epi16(words, words));
}

ISA static uint32_t encode(const float *vector, size_t dimensions, float scale, const vk_map *map,
                           uint8_t *codes, uint8_t *VK_NULLABLE residuals) {
    const __m256 factor = _mm256_set1_ps(scale), origin = _mm256_set1_ps(map->origin);
    const __m256 fine = _mm256_set1_ps(map->fine), inverse = _mm256_set1_ps(map->inverse_fine);
    const __m256 top = _mm256_set1_ps(32767.0f), zero = _mm256_setzero_ps();
    const __m256 under = _mm256_set1_ps(-0.5f), over = _mm256_set1_ps(32767.5f);
    __m256 clipped = zero;
    __m256i exact = _mm256_set1_epi32(-1);
    size_t i = 0;
    for (; i + 8 <= dimensions; i += 8) {
        const __m256 component = _mm256_loadu_ps(vector + i);
        __m256 value = _mm256_sub_ps(_mm256_mul_ps(component, factor), origin);
        value = _mm256_mul_ps(value, inverse);
        clipped = _mm256_or_ps(clipped, _mm256_cmp_ps(value, under, _CMP_LT_OQ));
        clipped = _mm256_or_ps(clipped, _mm256_cmp_ps(value, over, _CMP_GT_OQ));
        value = _mm256_min_ps(_mm256_max_ps(value, zero), top);
        const __m256i position = _mm256_cvtps_epi32(value);
        const __m256 offset = _mm256_mul_ps(_mm256_cvtepi32_ps(position), fine);
        const __m256 decoded = _mm256_add_ps(origin, offset);
        exact = _mm256_and_si256(exact, _mm256_cmpeq_epi32(_mm256_castps_si256(decoded),
                                                           _mm256_castps_si256(component)));
        store_bytes(codes + i, _mm256_srli_epi32(position, 8));
        if (residuals)
            store_bytes(residuals + i, _mm256_and_si256(position, _mm256_set1_epi32(255)));
    }
    uint32_t flags = _mm256_movemask_ps(clipped) ? VK_CLIPPED : 0;
    if (_mm256_movemask_epi8(exact) != -1) flags |= VK_INEXACT;
    return flags | vk_encode_span(vector, i, dimensions, scale, map, codes, residuals);
}

ISA static void decode(const uint8_t *codes, const uint8_t *VK_NULLABLE residuals,
                       size_t dimensions, const vk_map *map, float *vector) {
    const __m256 origin = _mm256_set1_ps(map->origin), fine = _mm256_set1_ps(map->fine);
    size_t i = 0;
    for (; residuals && i + 8 <= dimensions; i += 8)
        _mm256_storeu_ps(
            vector + i, decoded(load8(codes + i), load8(residuals + i), origin, fine));
    vk_decode_span(codes, residuals, i, dimensions, map, vector);
}

ISA static uint64_t below(const uint32_t *keys, size_t count, uint32_t bar) {
    const __m256i bars = _mm256_set1_epi32((int32_t)bar);
    uint64_t found = 0;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m256i part = _mm256_loadu_si256((const __m256i *)(keys + i));
        const __m256i least = _mm256_cmpeq_epi32(_mm256_min_epu32(part, bars), part);
        found |= (uint64_t)(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(least)) << i;
    }
    return found | vk_below_from(i, keys, count, bar);
}

VK_DEFINE_SEEK(ISA, bits_hamming, bits_hamming_scan, below)

const vk_table vk_table_avx2 = {
    .name = "avx2",
    .f32_dot = f32_dot,
    .f32_l2 = f32_l2,
    .f32_l1 = f32_l1,
    .f32_unequal = f32_unequal,
    .u7_l2 = u7_l2,
    .u7_l1 = u7_l1,
    .u7_dot = u7_dot,
    .bits_hamming = bits_hamming,
    .f32_dot_batch = VK_BATCH(f32_dot),
    .f32_l2_batch = VK_BATCH(f32_l2),
    .f32_l1_batch = VK_BATCH(f32_l1),
    .f32_unequal_batch = VK_BATCH(f32_unequal),
    .u7_l2_batch = VK_BATCH(u7_l2),
    .u7_l1_batch = VK_BATCH(u7_l1),
    .u7_dot_batch = VK_BATCH(u7_dot),
    .bits_hamming_batch = VK_BATCH(bits_hamming),
    .encode = encode,
    .decode = decode,
    .residual_dot = residual_dot,
    .residual_l2 = residual_l2,
    .residual_l1 = residual_l1,
    .f32_dot_tile = f32_dot_tile,
    .f32_l2_tile = f32_l2_tile,
    .f32_l1_tile = f32_l1_tile,
    .below = below,
    .bits_hamming_seek = bits_hamming_seek,
};
#endif
