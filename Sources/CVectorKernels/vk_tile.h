#pragma once
#include "vk_internal.h"

// Many queries against many rows. A block of 4 queries and VK_TILE_ROWS rows is summed in registers: each load of a
// component serves all rows or all queries of the block. Where fewer are left, the last one stands in for those that are
// missing, so that every pair is computed by the same operations wherever it stands.
//
// The including file says ISA, ISA_INLINE, VK_TILE_ROWS, VK_VECTOR, VK_LANES, vk_zero(), vk_load(address),
// vk_load_rest(address, count), and sum4_ps (four vectors to four sums).

enum { VK_TILE_QUERIES = 4 };

// Defines f32_NAME_tile from STEP(sum, query, row) and KEY(float).
#define VK_DEFINE_TILE(NAME, STEP, KEY)                                                            \
    ISA_INLINE void f32_##NAME##_block(const float *const *queries, const float *const *rows,      \
                                       size_t dimensions,                                          \
                                       float totals[VK_TILE_ROWS][VK_TILE_QUERIES]) {              \
        VK_VECTOR sums[VK_TILE_ROWS][VK_TILE_QUERIES];                                             \
        VK_UNROLL for (size_t r = 0; r < VK_TILE_ROWS; r++)                                        \
            VK_UNROLL for (size_t q = 0; q < VK_TILE_QUERIES; q++) sums[r][q] = vk_zero();         \
        size_t i = 0;                                                                              \
        for (; i + VK_LANES <= dimensions; i += VK_LANES) {                                        \
            VK_VECTOR parts[VK_TILE_QUERIES];                                                      \
            VK_UNROLL for (size_t q = 0; q < VK_TILE_QUERIES; q++) parts[q] =                      \
                vk_load(queries[q] + i);                                                           \
            VK_UNROLL for (size_t r = 0; r < VK_TILE_ROWS; r++) {                                  \
                const VK_VECTOR row = vk_load(rows[r] + i);                                        \
                VK_UNROLL for (size_t q = 0; q < VK_TILE_QUERIES; q++) sums[r][q] =                \
                    STEP(sums[r][q], parts[q], row);                                               \
            }                                                                                      \
        }                                                                                          \
        if (i < dimensions) {                                                                      \
            const size_t rest = dimensions - i;                                                    \
            VK_UNROLL for (size_t r = 0; r < VK_TILE_ROWS; r++) {                                  \
                const VK_VECTOR row = vk_load_rest(rows[r] + i, rest);                             \
                VK_UNROLL for (size_t q = 0; q < VK_TILE_QUERIES; q++) sums[r][q] =                \
                    STEP(sums[r][q], vk_load_rest(queries[q] + i, rest), row);                     \
            }                                                                                      \
        }                                                                                          \
        VK_UNROLL for (size_t r = 0; r < VK_TILE_ROWS; r++) _mm_storeu_ps(                         \
            totals[r], sum4_ps(sums[r][0], sums[r][1], sums[r][2], sums[r][3]));                   \
    }                                                                                              \
    ISA static void f32_##NAME##_tile(const void *queries, size_t query_stride,                    \
                                      size_t query_count, const void *base, size_t stride,         \
                                      size_t count, size_t dimensions, uint32_t *keys,             \
                                      size_t key_stride) {                                         \
        for (size_t row = 0; row < count; row += VK_TILE_ROWS) {                                   \
            const size_t row_count = count - row < VK_TILE_ROWS ? count - row : VK_TILE_ROWS;      \
            const float *rows[VK_TILE_ROWS];                                                       \
            for (size_t r = 0; r < VK_TILE_ROWS; r++) {                                            \
                const size_t place = row + (r < row_count ? r : row_count - 1);                    \
                rows[r] = (const void *)((const uint8_t *)base + place * stride);                  \
                const uint8_t *next = (const uint8_t *)rows[r] + VK_TILE_ROWS * stride;            \
                for (size_t line = 0; line < dimensions * sizeof(float); line += 64)               \
                    vk_prefetch(next + line);                                                      \
            }                                                                                      \
            for (size_t query = 0; query < query_count; query += VK_TILE_QUERIES) {                \
                const size_t left = query_count - query;                                           \
                const size_t some = left < VK_TILE_QUERIES ? left : VK_TILE_QUERIES;               \
                const float *four[VK_TILE_QUERIES];                                                \
                for (size_t q = 0; q < VK_TILE_QUERIES; q++) four[q] =                             \
                    (const void *)((const uint8_t *)queries                                        \
                                   + (query + (q < some ? q : some - 1)) * query_stride);          \
                float totals[VK_TILE_ROWS][VK_TILE_QUERIES];                                       \
                f32_##NAME##_block(four, rows, dimensions, totals);                                \
                for (size_t q = 0; q < some; q++)                                                  \
                    for (size_t r = 0; r < row_count; r++)                                         \
                        keys[(query + q) * key_stride + row + r] = KEY(totals[r][q]);              \
            }                                                                                      \
        }                                                                                          \
    }
