// Product quantisation with AVX-512: 16 floats per step.
#if defined(__x86_64__)
#define ISA __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
#define LANES 16
#include "kernels_pq.h"
#include <immintrin.h>

// Four subvectors per step, one in each quarter of a register; sums as with AVX2.
typedef struct {
    __m512i words, odd;
} scan_sum;

ISA_INLINE void scan_add(scan_sum *sum, __m512i entries) {
    sum->words = _mm512_add_epi16(sum->words, entries);
    sum->odd = _mm512_add_epi16(sum->odd, _mm512_srli_epi16(entries, 8));
}
ISA_INLINE __m128i scan_quarters(__m512i sum) {
    const __m256i half =
        _mm256_add_epi16(_mm512_castsi512_si256(sum), _mm512_extracti64x4_epi64(sum, 1));
    return _mm_add_epi16(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}
/// Adds the sums of sixteen rows.
ISA_INLINE void scan_finish(scan_sum sum, uint32_t *sums) {
    const __m128i odd = scan_quarters(sum.odd);
    const __m128i even =
        scan_quarters(_mm512_sub_epi16(sum.words, _mm512_slli_epi16(sum.odd, 8)));
    const __m256i rows =
        _mm256_set_m128i(_mm_unpackhi_epi16(even, odd), _mm_unpacklo_epi16(even, odd));
    const __m512i before = _mm512_loadu_si512(sums);
    _mm512_storeu_si512(sums, _mm512_add_epi32(before, _mm512_cvtepu16_epi32(rows)));
}

ISA static void scan(const uint8_t *tables, const uint8_t *codes, size_t blocks,
                     size_t subvectors, uint32_t *sums) {
    const __m512i mask = _mm512_set1_epi8(15);
    for (size_t block = 0; block < blocks; block++, sums += VK_SCAN_ROWS) {
        memset(sums, 0, VK_SCAN_ROWS * sizeof *sums);
        for (size_t j = 0; j < subvectors;) {
            const size_t end = subvectors - j > PQ_SCAN_GROUP ? j + PQ_SCAN_GROUP : subvectors;
            scan_sum low = {_mm512_setzero_si512(), _mm512_setzero_si512()}, high = low;
            for (; j < end; j += 4, codes += 4 * VK_SCAN_ENTRIES) {
                const __m512i table = _mm512_loadu_si512(tables + j * VK_SCAN_ENTRIES);
                const __m512i four = _mm512_loadu_si512(codes);
                const __m512i upper = _mm512_and_si512(_mm512_srli_epi16(four, 4), mask);
                scan_add(&low, _mm512_shuffle_epi8(table, _mm512_and_si512(four, mask)));
                scan_add(&high, _mm512_shuffle_epi8(table, upper));
            }
            scan_finish(low, sums);
            scan_finish(high, sums + VK_SCAN_ENTRIES);
        }
    }
}

extern const vk_pq_table vk_pq_table_avx512;
const vk_pq_table vk_pq_table_avx512 = VK_PQ_TABLE("avx512vnni");
#endif
