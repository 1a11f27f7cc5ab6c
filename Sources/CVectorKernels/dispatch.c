#include "vk_internal.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#ifndef HWCAP_ASIMDDP
#define HWCAP_ASIMDDP (1 << 20)
#endif
#endif

// MARK: Levels

#if defined(__x86_64__)
static int has_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
static int has_avx512(void) {
    __builtin_cpu_init();
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vnni");
}
static int counts_lanes(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512vpopcntdq") != 0;
}
#endif
#if defined(__aarch64__)
static int has_dot_product(void) {
#if defined(__linux__)
    return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#elif defined(__APPLE__)
    return 1;  // every Apple CPU that runs macOS
#else
    return 0;
#endif
}
#endif

size_t vk_level_count(void) {
#if defined(__x86_64__)
    return has_avx512() ? 3 : has_avx2() ? 2 : 1;
#elif defined(__aarch64__)
    return has_dot_product() ? 3 : 2;
#else
    return 1;
#endif
}

const vk_table *vk_level(size_t level) {
    const size_t count = vk_level_count();
    if (level >= count) level = count - 1;
#if defined(__x86_64__)
    if (level == 2) return counts_lanes() ? &vk_table_avx512_popcount : &vk_table_avx512;
    if (level == 1) return &vk_table_avx2;
#elif defined(__aarch64__)
    if (level == 2) return &vk_table_neondot;
    if (level == 1) return &vk_table_neon;
#endif
    return &vk_table_scalar;
}

// MARK: The same code on every level

void vk_residual_gather(vk_residual score, const float *query, const uint8_t *codes,
                        size_t code_stride, const uint8_t *residuals, size_t residual_stride,
                        const uint32_t *ordinals, size_t count, size_t dimensions,
                        const vk_map *map, float *distances) {
    const vk_ahead near = vk_plan_ahead(codes, code_stride, dimensions);
    const vk_ahead far = vk_plan_ahead(residuals, residual_stride, dimensions);
    const size_t ahead = far.rows;
    for (size_t i = 0; i < count + ahead; i++) {
        if (i < count) {
            vk_prefetch_row(residuals + ordinals[i] * residual_stride, far.lines);
            vk_prefetch_row(codes + ordinals[i] * code_stride, near.lines);
        }
        if (i < ahead) continue;
        const size_t row = i - ahead;
        distances[row] = score(query, codes + ordinals[row] * code_stride,
                               residuals + ordinals[row] * residual_stride, dimensions, map);
    }
}

void vk_survey(const float *values, size_t count, float scale, float *lowest, float *highest,
               uint32_t *histogram, uint32_t *fractional) {
    for (size_t i = 0; i < count; i++) {
        float value;
        memcpy(&value, (const uint8_t *)values + i * sizeof value, sizeof value);
        value *= scale;
        if (value < *lowest) *lowest = value;
        if (value > *highest) *highest = value;
        uint32_t *counter = &histogram[vk_key_from_float(value) >> 16];
        *counter += *counter != UINT32_MAX;
        if (!(value >= -8388608.0f && value <= 8388608.0f) || (float)(int32_t)value != value)
            *fractional = 1;
    }
}

void vk_middle_bins(const uint32_t *histogram, double share, uint32_t *first, uint32_t *last) {
    const uint32_t bins = 65536;
    uint64_t total = 0;
    for (uint32_t bin = 0; bin < bins; bin++) total += histogram[bin];
    const double skipped = (double)total * share;
    uint64_t below = 0;
    uint64_t above = 0;
    *first = 0;
    *last = bins - 1;
    for (uint32_t bin = 0; bin < bins; bin++) {
        below += histogram[bin];
        *first = bin;
        if ((double)below > skipped) break;
    }
    for (uint32_t bin = bins; bin-- > 0;) {
        above += histogram[bin];
        *last = bin;
        if ((double)above > skipped) break;
    }
}
