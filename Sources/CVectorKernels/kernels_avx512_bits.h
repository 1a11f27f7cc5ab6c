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

// MARK: Rows of 32 bytes without gaps, two to a register

/// Of 8 rows: a lane's count is at most 64, so those of four registers fit one lane side by side, 16 bits each.
ISA_COUNT_INLINE __m512i count8(__m512i q, const uint8_t *row) {
    const __m512i zero = _mm512_setzero_si512();
    const __m512i c0 = count_step(zero, q, _mm512_loadu_si512(row));
    const __m512i c1 = count_step(zero, q, _mm512_loadu_si512(row + 64));
    const __m512i c2 = count_step(zero, q, _mm512_loadu_si512(row + 128));
    const __m512i c3 = count_step(zero, q, _mm512_loadu_si512(row + 192));
    return _mm512_or_si512(
        _mm512_or_si512(c0, _mm512_slli_epi64(c1, 16)),
        _mm512_or_si512(_mm512_slli_epi64(c2, 32), _mm512_slli_epi64(c3, 48)));
}
/// Of 16 rows: neighbouring lanes added up, the first 8 rows' in the even lanes.
ISA_COUNT_INLINE __m512i count16(__m512i q, const uint8_t *row) {
    const __m512i a = count8(q, row), b = count8(q, row + 256);
    return _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
}
/// The counts of 32 rows, 16 bits each, in the order that `in_order` undoes.
ISA_COUNT_INLINE __m512i count32(__m512i q, const uint8_t *row) {
    const __m512i a = count16(q, row), b = count16(q, row + 512);
    return _mm512_add_epi64(_mm512_shuffle_i64x2(a, b, 0x88), _mm512_shuffle_i64x2(a, b, 0xdd));
}
/// Stores what `count32` found, row by row. Of eight rows, the even ones' counts come before the odd ones', with
/// those of the next eight rows beside each.
ISA_COUNT_INLINE void store_counts(uint32_t *keys, __m512i counts) {
    const __m512i in_order = _mm512_set_epi16(31, 23, 30, 22, 29, 21, 28, 20,   // rows 31...24
                                              27, 19, 26, 18, 25, 17, 24, 16,   // rows 23...16
                                              15, 7, 14, 6, 13, 5, 12, 4,       // rows 15...8
                                              11, 3, 10, 2, 9, 1, 8, 0);
    const __m512i words = _mm512_permutexvar_epi16(in_order, counts);
    _mm512_storeu_si512(keys, _mm512_cvtepu16_epi32(_mm512_castsi512_si256(words)));
    _mm512_storeu_si512(keys + 16, _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(words, 1)));
}
ISA_COUNT_INLINE __m512i query32(const void *query) {
    return _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)query));
}

ISA_COUNT static void bits_counted_scan_all(const void *query, const void *base, size_t stride,
                                            size_t count, size_t bytes, uint32_t *keys) {
    const int usual = bytes == 32 && stride == 32;
    const size_t whole = usual ? count / 32 * 32 : 0;
    const uint8_t *row = base;
    if (usual) {
        const __m512i q = query32(query);
        for (size_t i = 0; i < whole; i += 32, row += 1024) store_counts(keys + i, count32(q, row));
    }
    bits_counted_scan(query, row, stride, count - whole, bytes, keys + whole);
}

VK_DEFINE_SEEK(ISA_COUNT, bits_counted, bits_counted_scan_all, below)

/// Compares counts with the bar while they are in registers.
ISA_COUNT static size_t bits_counted_seek_all(const void *query, const void *base, size_t stride,
                                              size_t count, size_t bytes, uint32_t bar,
                                              uint32_t *keys, uint64_t *found) {
    if (bytes != 32 || stride != 32)
        return bits_counted_seek(query, base, stride, count, bytes, bar, keys, found);
    const __m512i q = query32(query);
    const __m512i bars = _mm512_set1_epi16((int16_t)(bar < 0x7fff ? bar : 0x7fff));
    const uint8_t *row = base;
    size_t i = 0;
    for (; i + VK_SEEK_ROWS <= count; i += VK_SEEK_ROWS, row += VK_SEEK_ROWS * 32) {
        vk_prefetch_span(row + VK_SEEK_AHEAD, VK_SEEK_ROWS * 32);
        const __m512i a = count32(q, row), b = count32(q, row + 1024);
        const __mmask32 near =
            _mm512_cmple_epu16_mask(a, bars) | _mm512_cmple_epu16_mask(b, bars);
        if (near == 0) continue;
        store_counts(keys, a);
        store_counts(keys + 32, b);
        *found = below(keys, VK_SEEK_ROWS, bar);
        return i;
    }
    return i + bits_counted_seek(query, row, stride, count - i, bytes, bar, keys, found);
}
ISA_COUNT static uint32_t bits_counted(const uint8_t *a, const uint8_t *b, size_t bytes) {
    return bits_counted_row(a, b, bytes);
}
