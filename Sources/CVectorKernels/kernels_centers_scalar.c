// Nearest centres without vector instructions: the definition that the other files must equal.
#include "center_kernels.h"
#include "vk_internal.h"

static void nearest(const uint8_t *points, size_t stride, size_t count, size_t steps,
                    const uint8_t *centers, const int32_t *norms, size_t groups, uint32_t *found,
                    int32_t *values) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t *point = points + i * stride, *next = centers;
        found[i] = 0;
        values[i] = INT32_MAX;
        for (size_t group = 0; group < groups; group++) {
            int32_t sums[VK_CENTER_GROUP] = {0};
            for (size_t s = 0; s < steps; s++) {
                const uint8_t *four = point + s * VK_CENTER_STEP;
                for (size_t c = 0; c < VK_CENTER_GROUP; c++, next += VK_CENTER_STEP)
                    sums[c] += next[0] * four[0] + next[1] * four[1] + next[2] * four[2]
                        + next[3] * four[3];
            }
            for (size_t c = 0; c < VK_CENTER_GROUP; c++) {
                const size_t center = group * VK_CENTER_GROUP + c;
                const int32_t value = norms[center] - 2 * sums[c];
                if (value >= values[i]) continue;
                values[i] = value;
                found[i] = (uint32_t)center;
            }
        }
    }
}

static const vk_center_table vk_center_table_scalar = {.name = "scalar", .nearest = nearest};

extern const vk_center_table vk_center_table_avx2;
extern const vk_center_table vk_center_table_avx512;
extern const vk_center_table vk_center_table_neondot;

const vk_center_table *vk_center_level(size_t level) {
    const size_t count = vk_level_count();
    if (level >= count) level = count - 1;
#if defined(__x86_64__)
    if (level == 2) return &vk_center_table_avx512;
    if (level == 1) return &vk_center_table_avx2;
#elif defined(__aarch64__)
    if (level == 2) return &vk_center_table_neondot;
#endif
    return &vk_center_table_scalar;
}
