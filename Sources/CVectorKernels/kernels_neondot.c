#include "vk_internal.h"

// NEON with the dot-product instructions of Armv8.2: sums of four products of bytes.
#if defined(__aarch64__)
#include <arm_neon.h>

#if defined(__clang__)
#define ISA __attribute__((target("dotprod")))
#else
#define ISA __attribute__((target("arch=armv8.2-a+dotprod")))
#endif

ISA VK_INLINE uint32x4_t step_u7_l2(uint32x4_t sum, uint8x16_t q, uint8x16_t row) {
    const uint8x16_t difference = vabdq_u8(q, row);
    return vdotq_u32(sum, difference, difference);
}
ISA VK_INLINE uint32x4_t step_u7_l1(uint32x4_t sum, uint8x16_t q, uint8x16_t row) {
    return vdotq_u32(sum, vabdq_u8(q, row), vdupq_n_u8(1));
}
/// Codes stay below 128, so they are the same number signed.
ISA VK_INLINE uint32x4_t step_u7_dot(uint32x4_t sum, uint8x16_t q, uint8x16_t row) {
    const int8x16_t a = vreinterpretq_s8_u8(q), b = vreinterpretq_s8_u8(row);
    return vreinterpretq_u32_s32(vdotq_s32(vreinterpretq_s32_u32(sum), a, b));
}

#include "kernels_neon.h"

const vk_table vk_table_neondot = VK_NEON_TABLE("neondot");
#endif
