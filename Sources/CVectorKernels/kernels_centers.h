#pragma once
#include "center_kernels.h"
#include "vk_internal.h"

// Nearest centres, included by one file for each instruction set, which defines first:
//   ISA      the functions' attributes
//   LANES    numbers in a register
//   TILE     points that are compared with a group at a time
//   center_sum, center_zero, center_step(sum, centers, point), center_values(norms, sum)
//            a register of sums, and what is done with it: add the products of four components of LANES
//            centres and those of one point, all in four bytes each; turn sums into norm - 2 * sum
//   center_best, center_consider, center_first
//            the least values so far, lane by lane
enum { CENTER_REGISTERS = VK_CENTER_GROUP / LANES };

/// TILE points or fewer, a number that the compiler knows.
ISA VK_INLINE void center_tile(const uint8_t *points, size_t stride, size_t tile, size_t steps,
                               const uint8_t *centers, const int32_t *norms, size_t groups,
                               uint32_t *found, int32_t *values) {
    center_best best[TILE];
    for (size_t p = 0; p < tile; p++) best[p] = center_none();
    for (size_t group = 0; group < groups; group++) {
        center_sum sums[TILE][CENTER_REGISTERS];
        VK_UNROLL
        for (size_t p = 0; p < tile; p++) {
            VK_UNROLL
            for (size_t r = 0; r < CENTER_REGISTERS; r++) sums[p][r] = center_zero();
        }
        for (size_t s = 0; s < steps; s++) {
            VK_UNROLL
            for (size_t p = 0; p < tile; p++) {
                int32_t four;
                memcpy(&four, points + p * stride + s * VK_CENTER_STEP, sizeof four);
                VK_UNROLL
                for (size_t r = 0; r < CENTER_REGISTERS; r++)
                    sums[p][r] = center_step(sums[p][r], centers + r * LANES * VK_CENTER_STEP, four);
            }
            centers += VK_CENTER_GROUP * VK_CENTER_STEP;
        }
        VK_UNROLL
        for (size_t p = 0; p < tile; p++) {
            VK_UNROLL
            for (size_t r = 0; r < CENTER_REGISTERS; r++) {
                const size_t first = group * VK_CENTER_GROUP + r * LANES;
                center_consider(&best[p], center_values(norms + first, sums[p][r]), (int32_t)first);
            }
        }
    }
    for (size_t p = 0; p < tile; p++) center_first(&best[p], found + p, values + p);
}

ISA static void nearest(const uint8_t *points, size_t stride, size_t count, size_t steps,
                        const uint8_t *centers, const int32_t *norms, size_t groups,
                        uint32_t *found, int32_t *values) {
    size_t i = 0;
    for (; i + TILE <= count; i += TILE)
        center_tile(points + i * stride, stride, TILE, steps, centers, norms, groups, found + i,
                    values + i);
    for (; i < count; i++)
        center_tile(points + i * stride, stride, 1, steps, centers, norms, groups, found + i,
                    values + i);
}

extern const vk_center_table vk_center_table_avx2;
extern const vk_center_table vk_center_table_avx512;
extern const vk_center_table vk_center_table_neondot;
