#pragma once
#include "vector_kernels.h"

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

// The nearest of many centres for many points, all of them rows of 7-bit codes: the inner loop of k-means and of
// filling inverted lists. A matrix product in whole numbers, so every level gives the same numbers.
//
// Centres lie in groups of VK_CENTER_GROUP: four components of each centre of the group, then the next
// four of each, and so on. Components that make up a multiple of four, and centres that make up a
// group, are zeroes; the norm of a centre that does not exist is INT32_MAX, so that it is nearest to nothing.
enum { VK_CENTER_GROUP = 32, VK_CENTER_STEP = 4 };

/// What one instruction set offers for nearest centres.
typedef struct {
    const char *name;
    /// For each of `count` points, `stride` bytes apart and 4 * `steps` bytes long, the centre with the least
    /// squared distance, the first of several, and that distance less the point's own square:
    /// norm - 2 * product. `steps` is at most 16,385.
    void (*nearest)(const uint8_t *points, size_t stride, size_t count, size_t steps,
                    const uint8_t *centers, const int32_t *norms, size_t groups, uint32_t *found,
                    int32_t *values);
} vk_center_table;

/// The functions of one level, numbered as vk_level's are; the best level for any larger number.
const vk_center_table *vk_center_level(size_t level);

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
