// Packed bits on CPUs that count the bits of 64-bit lanes (AVX-512 VPOPCNTDQ). Included by kernels_avx512.c.

#define ISA_COUNT                                                                                  \
    __attribute__((target(                                                                         \
        "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512vpopcntdq,avx2,fma")))
#define ISA_COUNT_INLINE ISA_COUNT VK_INLINE

ISA_COUNT_INLINE __m512i count_step(__m512i sum, __m512i q, __m512i row) {
    return _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(q, row)));
}
ISA_COUNT_INLINE uint32_t bits_counted_row(const void *query, const uint8_t *row, size_t bytes) {
    const uint8_t *q = query;
    __m512i sum = _mm512_setzero_si512();
    for (size_t i = 0; i < bytes; i += 64) {
        const size_t left = bytes - i;
        const __mmask64 mask = left >= 64 ? ~0ull : (1ull << left) - 1;
        sum = count_step(sum, _mm512_maskz_loadu_epi8(mask, q + i),
                         _mm512_maskz_loadu_epi8(mask, row + i));
    }
    return (uint32_t)_mm512_reduce_add_epi64(sum);
}
/// The counts' upper halves are 0, so they add as 32-bit lanes.
ISA_COUNT_INLINE void bits_counted_rows4(const void *query, const uint8_t *r0, const uint8_t *r1,
                                         const uint8_t *r2, const uint8_t *r3, size_t bytes,
                                         uint32_t *keys) {
    const uint8_t *q = query;
    __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0;
    for (size_t i = 0; i < bytes; i += 64) {
        const size_t left = bytes - i;
        const __mmask64 mask = left >= 64 ? ~0ull : (1ull << left) - 1;
        const __m512i part = _mm512_maskz_loadu_epi8(mask, q + i);
        s0 = count_step(s0, part, _mm512_maskz_loadu_epi8(mask, r0 + i));
        s1 = count_step(s1, part, _mm512_maskz_loadu_epi8(mask, r1 + i));
        s2 = count_step(s2, part, _mm512_maskz_loadu_epi8(mask, r2 + i));
        s3 = count_step(s3, part, _mm512_maskz_loadu_epi8(mask, r3 + i));
    }
    _mm_storeu_si128((__m128i *)keys, sum4_epi32(s0, s1, s2, s3));
}
VK_DEFINE_BATCH(ISA_COUNT, bits_counted, 1, 1)

/// Rows of 32 bytes without gaps, eight at a time. A lane's count is at most 64, so those of four rows fit one
/// lane side by side, 16 bits each, and are added up together.
ISA_COUNT static void bits_counted_scan_all(const void *query, const void *base, size_t stride,
                                            size_t count, size_t bytes, uint32_t *keys) {
    if (bytes != 32 || stride != 32) {
        bits_counted_scan(query, base, stride, count, bytes, keys);
        return;
    }
    const uint8_t *row = base;
    const __m512i q = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)query));
    const __m512i zero = _mm512_setzero_si512();
    size_t i = 0;
    for (; i + 8 <= count; i += 8, row += 256) {
        __m512i sum = count_step(zero, q, _mm512_loadu_si512(row));
        const __m512i c1 = count_step(zero, q, _mm512_loadu_si512(row + 64));
        const __m512i c2 = count_step(zero, q, _mm512_loadu_si512(row + 128));
        const __m512i c3 = count_step(zero, q, _mm512_loadu_si512(row + 192));
        sum = _mm512_or_si512(sum, _mm512_slli_epi64(c1, 16));
        sum = _mm512_or_si512(sum, _mm512_slli_epi64(c2, 32));
        sum = _mm512_or_si512(sum, _mm512_slli_epi64(c3, 48));
        sum = _mm512_add_epi64(sum, _mm512_shuffle_epi32(sum, _MM_PERM_BADC));
        sum = _mm512_add_epi64(sum, _mm512_permutex_epi64(sum, 0x4e));
        // Rows 0, 2, 4, 6 in the lower half, 1, 3, 5, 7 in the upper one.
        const __m128i even = _mm512_castsi512_si128(sum);
        const __m128i odd = _mm256_castsi256_si128(_mm512_extracti64x4_epi64(sum, 1));
        _mm256_storeu_si256((__m256i *)(keys + i),
                            _mm256_cvtepu16_epi32(_mm_unpacklo_epi16(even, odd)));
    }
    for (; i < count; i++, row += 32) keys[i] = bits_counted_row(query, row, 32);
}
ISA_COUNT static uint32_t bits_counted(const uint8_t *a, const uint8_t *b, size_t bytes) {
    return bits_counted_row(a, b, bytes);
}
