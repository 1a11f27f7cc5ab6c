#include "kernel_check.h"

#include <stdio.h>

#include "center_kernels.h"
#include "guarded.h"

// Nearest centres against the definition: whole numbers, the same on every level.

/// Centre `c`'s code of component `d`.
static int32_t code(const uint8_t *centers, size_t steps, size_t c, size_t d) {
    const size_t group = c / VK_CENTER_GROUP, lane = c % VK_CENTER_GROUP;
    return centers[(group * steps + d / VK_CENTER_STEP) * VK_CENTER_GROUP * VK_CENTER_STEP
                   + lane * VK_CENTER_STEP + d % VK_CENTER_STEP];
}

static size_t check_shape(const vk_center_table *table, size_t steps, size_t count, size_t centers,
                          uint64_t *state, char *text, size_t text_size) {
    const size_t groups = (centers + VK_CENTER_GROUP - 1) / VK_CENTER_GROUP;
    const size_t length = steps * VK_CENTER_STEP, center_bytes = groups * VK_CENTER_GROUP * length;
    const size_t stride = length + next_random(state) % 3, point_bytes = (count - 1) * stride + length;
    const size_t norm_bytes = groups * VK_CENTER_GROUP * sizeof(int32_t);
    // Few different codes make equal distances; the greatest ones make the largest sums.
    const uint64_t codes = next_random(state) % 2 ? 128 : 2;
    uint8_t *points = guarded(point_bytes), *rows = guarded(center_bytes);
    int32_t *norms = guarded(norm_bytes), *values = guarded(count * 4);
    uint32_t *found = guarded(count * 4);
    for (size_t i = 0; i < point_bytes; i++) points[i] = (uint8_t)(127 - next_random(state) % codes);
    for (size_t i = 0; i < center_bytes; i++) rows[i] = (uint8_t)(127 - next_random(state) % codes);
    for (size_t c = 0; c < groups * VK_CENTER_GROUP; c++) {
        norms[c] = INT32_MAX;
        if (c >= centers) continue;
        norms[c] = 0;
        for (size_t d = 0; d < length; d++)
            norms[c] += code(rows, steps, c, d) * code(rows, steps, c, d);
    }
    // Centres that do not exist are zeroes.
    for (size_t c = centers; c < groups * VK_CENTER_GROUP; c++)
        for (size_t d = 0; d < length; d++)
            rows[(c / VK_CENTER_GROUP * steps + d / VK_CENTER_STEP) * VK_CENTER_GROUP * VK_CENTER_STEP
                 + c % VK_CENTER_GROUP * VK_CENTER_STEP + d % VK_CENTER_STEP] = 0;
    table->nearest(points, stride, count, steps, rows, norms, groups, found, values);
    size_t failures = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t best = 0;
        int64_t least = INT64_MAX;
        for (size_t c = 0; c < centers; c++) {
            int64_t value = norms[c];
            for (size_t d = 0; d < length; d++)
                value -= 2 * (int64_t)points[i * stride + d] * code(rows, steps, c, d);
            if (value >= least) continue;
            least = value;
            best = (uint32_t)c;
        }
        if ((found[i] == best && values[i] == least) || failures++ > 0) continue;
        snprintf(text, text_size, "%s: point %zu of %zu, %zu centers of %zu codes: %u (%d), not %u (%lld)",
                 table->name, i, count, centers, length, found[i], values[i], best,
                 (long long)least);
    }
    release(points, point_bytes);
    release(rows, center_bytes);
    release(norms, norm_bytes);
    release(values, count * 4);
    release(found, count * 4);
    return failures;
}

size_t center_check(size_t level, uint64_t seed, char *text, size_t text_size) {
    const vk_center_table *table = vk_center_level(level);
    size_t failures = 0;
    for (size_t steps = 1; steps <= 40; steps++)
        failures += check_shape(table, steps, 1 + steps * 7 % 27, 1 + steps * 13 % 100, &seed, text,
                                text_size);
    failures += check_shape(table, 16385, 2, 3, &seed, text, text_size);
    return failures;
}
