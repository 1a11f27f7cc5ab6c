#include "kernels_codes.h"

// NEON as every 64-bit Arm CPU has it.
#if defined(__aarch64__)
#include <arm_neon.h>

#define ISA

VK_INLINE uint32x4_t step_wide_dot(uint32x4_t sum, uint8x16_t row, int8x16_t query) {
    const int16x8_t low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(row)));
    const int16x8_t high = vreinterpretq_s16_u16(vmovl_high_u8(row));
    const int16x8_t first = vmovl_s8(vget_low_s8(query)), second = vmovl_high_s8(query);
    int32x4_t total = vreinterpretq_s32_u32(sum);
    total = vmlal_s16(total, vget_low_s16(low), vget_low_s16(first));
    total = vmlal_high_s16(total, low, first);
    total = vmlal_s16(total, vget_low_s16(high), vget_low_s16(second));
    return vreinterpretq_u32_s32(vmlal_high_s16(total, high, second));
}
VK_INLINE uint32x4_t step_narrow_dot(uint32x4_t sum, uint8x16_t row, int8x16_t query) {
    const int8x16_t codes = vreinterpretq_s8_u8(row);
    int32x4_t total = vreinterpretq_s32_u32(sum);
    total = vpadalq_s16(total, vmull_s8(vget_low_s8(codes), vget_low_s8(query)));
    return vreinterpretq_u32_s32(vpadalq_s16(total, vmull_high_s8(codes, query)));
}

#include "kernels_codes_neon.h"

const vk_code_table vk_code_table_neon = VK_CODE_TABLE("neon", planes);
#endif
