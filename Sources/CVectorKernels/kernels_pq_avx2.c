// Product quantisation with AVX2: 8 floats per step.
#if defined(__x86_64__)
#define ISA __attribute__((target("avx2,fma")))
#define LANES 8
#include "kernels_pq.h"
#include <immintrin.h>

// Two subvectors per step, one in each half of a register. A sum of bytes as 16-bit words carries the odd
// bytes in its upper half; these are summed once more by themselves and taken off at the end.
typedef struct {
    __m256i words, odd;
} scan_sum;

ISA_INLINE void scan_add(scan_sum *sum, __m256i entries) {
    sum->words = _mm256_add_epi16(sum->words, entries);
    sum->odd = _mm256_add_epi16(sum->odd, _mm256_srli_epi16(entries, 8));
}
/// Adds the sums of sixteen rows.
ISA_INLINE void scan_finish(scan_sum sum, uint32_t *sums) {
    const __m256i both = _mm256_sub_epi16(sum.words, _mm256_slli_epi16(sum.odd, 8));
    const __m128i even =
        _mm_add_epi16(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
    const __m128i odd =
        _mm_add_epi16(_mm256_castsi256_si128(sum.odd), _mm256_extracti128_si256(sum.odd, 1));
    const __m256i first = _mm256_cvtepu16_epi32(_mm_unpacklo_epi16(even, odd));
    const __m256i second = _mm256_cvtepu16_epi32(_mm_unpackhi_epi16(even, odd));
    __m256i *target = (__m256i *)sums;
    _mm256_storeu_si256(target, _mm256_add_epi32(_mm256_loadu_si256(target), first));
    _mm256_storeu_si256(target + 1, _mm256_add_epi32(_mm256_loadu_si256(target + 1), second));
}

ISA static void scan(const uint8_t *tables, const uint8_t *codes, size_t blocks,
                     size_t subvectors, uint32_t *sums) {
    const __m256i mask = _mm256_set1_epi8(15);
    for (size_t block = 0; block < blocks; block++, sums += VK_SCAN_ROWS) {
        memset(sums, 0, VK_SCAN_ROWS * sizeof *sums);
        for (size_t j = 0; j < subvectors;) {
            const size_t end = subvectors - j > PQ_SCAN_GROUP ? j + PQ_SCAN_GROUP : subvectors;
            scan_sum low = {_mm256_setzero_si256(), _mm256_setzero_si256()}, high = low;
            for (; j < end; j += 2, codes += 2 * VK_SCAN_ENTRIES) {
                const __m256i table =
                    _mm256_loadu_si256((const __m256i *)(tables + j * VK_SCAN_ENTRIES));
                const __m256i pair = _mm256_loadu_si256((const __m256i *)codes);
                const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(pair, 4), mask);
                scan_add(&low, _mm256_shuffle_epi8(table, _mm256_and_si256(pair, mask)));
                scan_add(&high, _mm256_shuffle_epi8(table, upper));
            }
            scan_finish(low, sums);
            scan_finish(high, sums + VK_SCAN_ENTRIES);
        }
    }
}

extern const vk_pq_table vk_pq_table_avx2;
const vk_pq_table vk_pq_table_avx2 = VK_PQ_TABLE("avx2");
#endif
