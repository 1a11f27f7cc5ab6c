// Product quantisation with NEON, as every 64-bit Arm CPU has it: 4 floats per step.
#if defined(__aarch64__)
#define ISA
#define LANES 4
#include "kernels_pq.h"
#include <arm_neon.h>

// One subvector per step; sums of even and odd rows as with AVX2.
typedef struct {
    uint16x8_t words, odd;
} scan_sum;

VK_INLINE void scan_add(scan_sum *sum, uint8x16_t entries) {
    const uint16x8_t words = vreinterpretq_u16_u8(entries);
    sum->words = vaddq_u16(sum->words, words);
    sum->odd = vsraq_n_u16(sum->odd, words, 8);
}
/// Adds the sums of sixteen rows.
VK_INLINE void scan_finish(scan_sum sum, uint32_t *sums) {
    const uint16x8_t even = vsubq_u16(sum.words, vshlq_n_u16(sum.odd, 8));
    const uint16x8_t first = vzip1q_u16(even, sum.odd), second = vzip2q_u16(even, sum.odd);
    vst1q_u32(sums, vaddw_u16(vld1q_u32(sums), vget_low_u16(first)));
    vst1q_u32(sums + 4, vaddw_high_u16(vld1q_u32(sums + 4), first));
    vst1q_u32(sums + 8, vaddw_u16(vld1q_u32(sums + 8), vget_low_u16(second)));
    vst1q_u32(sums + 12, vaddw_high_u16(vld1q_u32(sums + 12), second));
}

static void scan(const uint8_t *tables, const uint8_t *codes, size_t blocks, size_t subvectors,
                 uint32_t *sums) {
    for (size_t block = 0; block < blocks; block++, sums += VK_SCAN_ROWS) {
        memset(sums, 0, VK_SCAN_ROWS * sizeof *sums);
        for (size_t j = 0; j < subvectors;) {
            const size_t end = subvectors - j > PQ_SCAN_GROUP ? j + PQ_SCAN_GROUP : subvectors;
            scan_sum low = {vdupq_n_u16(0), vdupq_n_u16(0)}, high = low;
            for (; j < end; j++, codes += VK_SCAN_ENTRIES) {
                const uint8x16_t table = vld1q_u8(tables + j * VK_SCAN_ENTRIES);
                const uint8x16_t pair = vld1q_u8(codes);
                scan_add(&low, vqtbl1q_u8(table, vandq_u8(pair, vdupq_n_u8(15))));
                scan_add(&high, vqtbl1q_u8(table, vshrq_n_u8(pair, 4)));
            }
            scan_finish(low, sums);
            scan_finish(high, sums + VK_SCAN_ENTRIES);
        }
    }
}

extern const vk_pq_table vk_pq_table_neon;
const vk_pq_table vk_pq_table_neon = VK_PQ_TABLE("neon");
#endif
