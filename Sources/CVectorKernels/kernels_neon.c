#include "vk_internal.h"

// NEON as every 64-bit Arm CPU has it.
#if defined(__aarch64__)
#include <arm_neon.h>

#define ISA

VK_INLINE uint32x4_t step_u7_l2(uint32x4_t sum, uint8x16_t q, uint8x16_t row) {
    const uint8x16_t difference = vabdq_u8(q, row);
    const uint8x8_t low = vget_low_u8(difference);
    sum = vpadalq_u16(sum, vmull_u8(low, low));
    return vpadalq_u16(sum, vmull_high_u8(difference, difference));
}
VK_INLINE uint32x4_t step_u7_l1(uint32x4_t sum, uint8x16_t q, uint8x16_t row) {
    return vpadalq_u16(sum, vpaddlq_u8(vabdq_u8(q, row)));
}
VK_INLINE uint32x4_t step_u7_dot(uint32x4_t sum, uint8x16_t q, uint8x16_t row) {
    const int8x16_t a = vreinterpretq_s8_u8(q), b = vreinterpretq_s8_u8(row);
    int32x4_t total = vreinterpretq_s32_u32(sum);
    total = vpadalq_s16(total, vmull_s8(vget_low_s8(a), vget_low_s8(b)));
    return vreinterpretq_u32_s32(vpadalq_s16(total, vmull_high_s8(a, b)));
}

#include "kernels_neon.h"

const vk_table vk_table_neon = VK_NEON_TABLE("neon");
#endif
