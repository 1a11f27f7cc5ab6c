#include "kernels_codes.h"

#if defined(__x86_64__)
static int has_half_floats(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("f16c") && __builtin_cpu_supports("popcnt");
}
static int counts_wide_bits(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512vpopcntdq") != 0;
}
#endif

const vk_code_table *vk_code_level(size_t level) {
    const size_t count = vk_level_count();
    if (level >= count) level = count - 1;
#if defined(__x86_64__)
    if (level > 0 && !has_half_floats()) return &vk_code_table_scalar;
    if (level == 2)
        return counts_wide_bits() ? &vk_code_table_avx512_popcount : &vk_code_table_avx512;
    if (level == 1) return &vk_code_table_avx2;
#elif defined(__aarch64__)
    if (level == 2) return &vk_code_table_neondot;
    if (level == 1) return &vk_code_table_neon;
#endif
    return &vk_code_table_scalar;
}

// MARK: Float16

float vk_float_from_half(uint16_t half) { return vk_widen_half(half); }

uint16_t vk_half_from_float(float value) {
    union { float f; uint32_t u; } bits = {value};
    const uint16_t sign = (uint16_t)(bits.u >> 16 & 0x8000);
    bits.u &= 0x7fffffffu;
    if (bits.u > 0x7f800000u) return 0;
    if (bits.f >= 65504.0f) return sign | 0x7bff;
    if (bits.f < 0x1p-14f) {
        // A step of the smallest numbers is 2^-24, which is that of a float from 1/2 to 1.
        bits.f += 0.5f;
        return (uint16_t)(sign | (bits.u - 0x3f000000u));
    }
    const uint32_t tie = bits.u >> 13 & 1;
    return (uint16_t)(sign | ((bits.u + 0xfff + tie - (112u << 23)) >> 13));
}
