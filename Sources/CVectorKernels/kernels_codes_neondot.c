#include "kernels_codes.h"

// NEON with the dot-product instructions of Armv8.2: sums of four products of bytes.
#if defined(__aarch64__)
#include <arm_neon.h>

#if defined(__clang__)
#define ISA __attribute__((target("dotprod")))
#else
#define ISA __attribute__((target("arch=armv8.2-a+dotprod")))
#endif

/// Both factors must be signed: c = 2 * (c >> 1) + (c & 1), and both parts are below 128.
ISA VK_INLINE uint32x4_t step_wide_dot(uint32x4_t sum, uint8x16_t row, int8x16_t query) {
    const int8x16_t half = vreinterpretq_s8_u8(vshrq_n_u8(row, 1));
    const int8x16_t odd = vreinterpretq_s8_u8(vandq_u8(row, vdupq_n_u8(1)));
    const int32x4_t zero = vdupq_n_s32(0);
    const int32x4_t halves = vdotq_s32(zero, half, query);
    const int32x4_t total = vdotq_s32(vreinterpretq_s32_u32(sum), odd, query);
    return vreinterpretq_u32_s32(vaddq_s32(total, vaddq_s32(halves, halves)));
}
ISA VK_INLINE uint32x4_t step_narrow_dot(uint32x4_t sum, uint8x16_t row, int8x16_t query) {
    return vreinterpretq_u32_s32(
        vdotq_s32(vreinterpretq_s32_u32(sum), vreinterpretq_s8_u8(row), query));
}

#include "kernels_codes_neon.h"

const vk_code_table vk_code_table_neondot = VK_CODE_TABLE("neondot", planes);
#endif
