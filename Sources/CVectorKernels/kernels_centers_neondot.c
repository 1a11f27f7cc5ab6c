// Nearest centres with the dot-product instructions of Armv8.2: 16 products per instruction.
#if defined(__aarch64__)
#include <arm_neon.h>
#include "vk_internal.h"
#if defined(__clang__)
#define ISA __attribute__((target("dotprod")))
#else
#define ISA __attribute__((target("arch=armv8.2-a+dotprod")))
#endif
#define LANES 4
#define TILE 2

typedef uint32x4_t center_sum;
typedef struct {
    int32x4_t value;
    uint32x4_t center;
} center_best;

ISA VK_INLINE center_sum center_zero(void) { return vdupq_n_u32(0); }
ISA VK_INLINE center_sum center_step(center_sum sum, const uint8_t *centers, int32_t four) {
    return vdotq_u32(sum, vld1q_u8(centers), vreinterpretq_u8_s32(vdupq_n_s32(four)));
}
ISA VK_INLINE int32x4_t center_values(const int32_t *norms, center_sum sum) {
    return vsubq_s32(vld1q_s32(norms), vreinterpretq_s32_u32(vshlq_n_u32(sum, 1)));
}
ISA VK_INLINE center_best center_none(void) {
    return (center_best){vdupq_n_s32(INT32_MAX), vdupq_n_u32(0)};
}
ISA VK_INLINE void center_consider(center_best *best, int32x4_t values, int32_t first) {
    static const uint32_t lanes[LANES] = {0, 1, 2, 3};
    const uint32x4_t less = vcltq_s32(values, best->value);
    const uint32x4_t number = vaddq_u32(vld1q_u32(lanes), vdupq_n_u32((uint32_t)first));
    best->value = vminq_s32(best->value, values);
    best->center = vbslq_u32(less, number, best->center);
}
ISA VK_INLINE void center_first(const center_best *best, uint32_t *found, int32_t *value) {
    *value = vminvq_s32(best->value);
    const uint32x4_t equal = vceqq_s32(best->value, vdupq_n_s32(*value));
    *found = vminvq_u32(vbslq_u32(equal, best->center, vdupq_n_u32(UINT32_MAX)));
}

#include "kernels_centers.h"
const vk_center_table vk_center_table_neondot = {.name = "neondot", .nearest = nearest};
#endif
