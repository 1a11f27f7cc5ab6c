// Product quantisation with the registers that every CPU of the architecture has, and what needs no more.
#define ISA
#define LANES 4
#include "kernels_pq.h"

extern const vk_pq_table vk_pq_table_avx2;
extern const vk_pq_table vk_pq_table_avx512;
extern const vk_pq_table vk_pq_table_neon;

/// The definition that the other files' scans must equal.
static void scan(const uint8_t *tables, const uint8_t *codes, size_t blocks, size_t subvectors,
                 uint32_t *sums) {
    for (size_t block = 0; block < blocks; block++, sums += VK_SCAN_ROWS) {
        memset(sums, 0, VK_SCAN_ROWS * sizeof *sums);
        for (size_t j = 0; j < subvectors; j++, codes += VK_SCAN_ENTRIES) {
            const uint8_t *table = tables + j * VK_SCAN_ENTRIES;
            for (size_t i = 0; i < VK_SCAN_ENTRIES; i++) {
                sums[i] += table[codes[i] & 15];
                sums[i + VK_SCAN_ENTRIES] += table[codes[i] >> 4];
            }
        }
    }
}

static const vk_pq_table vk_pq_table_scalar = VK_PQ_TABLE("scalar");

const vk_pq_table *vk_pq_level(size_t level) {
    const size_t count = vk_level_count();
    if (level >= count) level = count - 1;
#if defined(__x86_64__)
    if (level == 2) return &vk_pq_table_avx512;
    if (level == 1) return &vk_pq_table_avx2;
#elif defined(__aarch64__)
    if (level > 0) return &vk_pq_table_neon;
#endif
    return &vk_pq_table_scalar;
}

// MARK: Distances of codes: the same loop on every level

// Plain loads of table entries, four rows at a time. Measured on Zen 5 with 96 codes a row and a table of
// 96 KiB, ns per row with rows in the second cache and in memory: this loop 24.0 and 38.5, eight codes
// to a load 23.2 and 42.6, AVX-512 gathers 34.7 and 49.7, AVX2 gathers 33.6 and 48.0; tables of 16-bit numbers
// 19.5 and 36.4, which the time to quantise a query's table uses up again.

/// Sums of even and of odd subvectors, added at the end, in single and batch form alike.
VK_INLINE uint32_t pq_row(const void *query, const uint8_t *row, size_t dimensions) {
    const float *table = query;
    float even = 0, odd = 0;
    size_t j = 0;
    for (; j + 2 <= dimensions; j += 2, table += 2 * VK_PQ_ENTRIES) {
        even += table[row[j]];
        odd += table[VK_PQ_ENTRIES + row[j + 1]];
    }
    if (j < dimensions) even += table[row[j]];
    return vk_key_from_float(even + odd);
}
VK_INLINE void pq_rows4(const void *query, const uint8_t *r0, const uint8_t *r1, const uint8_t *r2,
                        const uint8_t *r3, size_t dimensions, uint32_t *keys) {
    const float *table = query;
    float even0 = 0, even1 = 0, even2 = 0, even3 = 0, odd0 = 0, odd1 = 0, odd2 = 0, odd3 = 0;
    size_t j = 0;
    for (; j + 2 <= dimensions; j += 2, table += 2 * VK_PQ_ENTRIES) {
        even0 += table[r0[j]];
        even1 += table[r1[j]];
        even2 += table[r2[j]];
        even3 += table[r3[j]];
        odd0 += table[VK_PQ_ENTRIES + r0[j + 1]];
        odd1 += table[VK_PQ_ENTRIES + r1[j + 1]];
        odd2 += table[VK_PQ_ENTRIES + r2[j + 1]];
        odd3 += table[VK_PQ_ENTRIES + r3[j + 1]];
    }
    if (j < dimensions) {
        even0 += table[r0[j]];
        even1 += table[r1[j]];
        even2 += table[r2[j]];
        even3 += table[r3[j]];
    }
    keys[0] = vk_key_from_float(even0 + odd0);
    keys[1] = vk_key_from_float(even1 + odd1);
    keys[2] = vk_key_from_float(even2 + odd2);
    keys[3] = vk_key_from_float(even3 + odd3);
}
VK_DEFINE_BATCH(, pq, 1, 0)

const vk_batch vk_pq_batch = VK_BATCH(pq);
