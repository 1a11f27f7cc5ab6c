#pragma once
#include "vector_kernels.h"
#include <string.h>

// Shared by the files of all instruction sets. Every float operation here must give the same bits
// everywhere, so nothing may be contracted to a fused multiply-add behind our back.
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#define VK_UNROLL _Pragma("clang loop unroll(full)")
#else
#define VK_UNROLL _Pragma("GCC unroll 16")
#endif
#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif
#define VK_INLINE static inline __attribute__((always_inline))

extern const vk_table vk_table_scalar;
#if defined(__x86_64__)
extern const vk_table vk_table_avx2;
extern const vk_table vk_table_avx512;
extern const vk_table vk_table_avx512_popcount;
#endif
#if defined(__aarch64__)
extern const vk_table vk_table_neon;
extern const vk_table vk_table_neondot;
#endif

// MARK: Prefetching

// A row is asked for up to VK_ROWS_AHEAD rows before it is computed, as long as no more than about
// VK_LINES_AHEAD cache lines are on their way. Rows of more than VK_LONG_ROW lines are only begun: the
// hardware's own prefetcher goes on. Measured on 128 MB of random rows (Zen 5; ns per row in calls of 40
// and of 1,024 rows): 128-byte rows 8, 16, 32, 48 ahead: 14, 11.8/10.0, 9.6/6.8, 9.5/5.4; 384-byte
// rows best with 24 ahead, 17.5/13; 1,536-byte rows in full 70, begun 61.
enum { VK_ROWS_AHEAD = 48, VK_LINES_AHEAD = 144, VK_LONG_ROW = 16, VK_LONG_ROW_LINES = 6 };

/// How many rows of `LINES` lines to stay ahead, a multiple of 4.
#define VK_AHEAD(LINES)                                                                            \
    ((LINES) * VK_ROWS_AHEAD > VK_LINES_AHEAD ? VK_LINES_AHEAD / (LINES) / 4 * 4                   \
                                              : (size_t)VK_ROWS_AHEAD)

typedef struct {
    size_t lines;  // cache lines to ask for in each row
    size_t rows;   // rows to stay ahead; a multiple of 4
} vk_ahead;

VK_INLINE vk_ahead vk_plan_ahead(const void *base, size_t stride, size_t row_bytes) {
    vk_ahead plan;
    // The lowest bit set says where in a line rows may start; the last such place is the worst.
    const size_t places = ((uintptr_t)base | stride | 64), step = places & (~places + 1);
    plan.lines = (64 - step + row_bytes + 63) / 64;
    if (plan.lines > VK_LONG_ROW) plan.lines = VK_LONG_ROW_LINES;
    plan.rows = VK_AHEAD(plan.lines);
    return plan;
}

VK_INLINE void vk_prefetch_row(const uint8_t *row, size_t lines) {
    for (size_t line = 0; line < lines; line++) vk_prefetch(row + line * 64);
}

// MARK: Keys

VK_INLINE uint64_t vk_below_from(size_t first, const uint32_t *keys, size_t count, uint32_t bar) {
    uint64_t found = 0;
    for (size_t i = first; i < count; i++) found |= (uint64_t)(keys[i] <= bar) << i;
    return found;
}

// MARK: Batch forms

// Defines `NAME_gather` and `NAME_scan` from `NAME_rows4(query, r0, r1, r2, r3, dimensions, keys)` and
// `NAME_row(query, row, dimensions)`; `ELEMENT` is the size of a row's element in bytes. With `UNROLLED`,
// aligned rows of the usual lengths get a loop of their own: up to a fifth faster from memory.
#define VK_DEFINE_BATCH(ATTRIBUTES, NAME, ELEMENT, UNROLLED)                                       \
    ATTRIBUTES VK_INLINE void NAME##_gather_body(                                                  \
        const void *query, const uint8_t *base, size_t stride, const uint32_t *ordinals,           \
        size_t count, size_t dimensions, uint32_t *keys, vk_ahead ahead) {                         \
        const size_t first = count < ahead.rows ? count : ahead.rows;                              \
        for (size_t i = 0; i < first; i++)                                                         \
            vk_prefetch_row(base + ordinals[i] * stride, ahead.lines);                             \
        size_t i = 0;                                                                              \
        for (; i + 4 <= count; i += 4) {                                                           \
            size_t next = i + ahead.rows;                                                          \
            const size_t last = next + 4 < count ? next + 4 : count;                               \
            for (; next < last; next++)                                                            \
                vk_prefetch_row(base + ordinals[next] * stride, ahead.lines);                      \
            NAME##_rows4(query, base + ordinals[i] * stride, base + ordinals[i + 1] * stride,      \
                         base + ordinals[i + 2] * stride, base + ordinals[i + 3] * stride,         \
                         dimensions, keys + i);                                                    \
        }                                                                                          \
        for (; i < count; i++)                                                                     \
            keys[i] = NAME##_row(query, base + ordinals[i] * stride, dimensions);                  \
    }                                                                                              \
    ATTRIBUTES static void NAME##_gather(const void *query, const void *base, size_t stride,       \
                                         const uint32_t *ordinals, size_t count,                   \
                                         size_t dimensions, uint32_t *keys) {                      \
        const vk_ahead ahead = vk_plan_ahead(base, stride, dimensions * (ELEMENT));                \
        const int usual = (UNROLLED) && ahead.lines * 64 == dimensions * (ELEMENT);                \
        switch (usual ? ahead.lines : 0) {                                                         \
        case 2: VK_GATHER_LINES(NAME, ELEMENT, 2); break;                                          \
        case 4: VK_GATHER_LINES(NAME, ELEMENT, 4); break;                                          \
        case 6: VK_GATHER_LINES(NAME, ELEMENT, 6); break;                                          \
        case 8: VK_GATHER_LINES(NAME, ELEMENT, 8); break;                                          \
        case 12: VK_GATHER_LINES(NAME, ELEMENT, 12); break;                                        \
        default:                                                                                   \
            NAME##_gather_body(query, base, stride, ordinals, count, dimensions, keys, ahead);     \
        }                                                                                          \
    }                                                                                              \
    ATTRIBUTES static void NAME##_scan(const void *query, const void *base, size_t stride,         \
                                       size_t count, size_t dimensions, uint32_t *keys) {          \
        const uint8_t *row = base;                                                                 \
        size_t i = 0;                                                                              \
        for (; i + 4 <= count; i += 4, row += 4 * stride)                                          \
            NAME##_rows4(query, row, row + stride, row + 2 * stride, row + 3 * stride, dimensions, \
                         keys + i);                                                                \
        for (; i < count; i++, row += stride) keys[i] = NAME##_row(query, row, dimensions);        \
    }

#define VK_GATHER_LINES(NAME, ELEMENT, LINES)                                                      \
    NAME##_gather_body(query, base, stride, ordinals, count, (LINES) * 64 / (ELEMENT), keys,       \
                       (vk_ahead){(LINES), VK_AHEAD(LINES)})

#define VK_BATCH(NAME) {NAME##_gather, NAME##_scan}

/// The key of a negated dot product; never the key of -0.
VK_INLINE uint32_t vk_dot_key(float dot) { return vk_key_from_float(0.0f - dot); }

// MARK: Seeking

enum {
    VK_SEEK_AHEAD = 4096,  // bytes that are asked for ahead, at least
    VK_SEEK_STEP = 8192    // bytes of rows that are compared between two requests
};

// Defines `NAME_seek` from a scan and a `below`.
#define VK_DEFINE_SEEK(ATTRIBUTES, NAME, SCAN, BELOW)                                              \
    ATTRIBUTES static size_t NAME##_seek(const void *query, const void *base, size_t stride,       \
                                         size_t count, size_t dimensions, uint32_t bar,            \
                                         uint32_t *keys, uint64_t *found) {                        \
        const size_t rows = stride == 0 ? 0 : VK_SEEK_STEP / stride / 4 * 4;                       \
        const size_t step = rows > VK_SEEK_ROWS ? VK_SEEK_ROWS : rows < 4 ? 4 : rows;              \
        const size_t span = step * stride;                                                         \
        const size_t ahead = span < VK_SEEK_AHEAD ? VK_SEEK_AHEAD : span;                          \
        const uint8_t *row = base;                                                                 \
        *found = 0;                                                                                \
        for (size_t i = 0; i < count; i += VK_SEEK_ROWS) {                                         \
            const size_t left = count - i, group = left < VK_SEEK_ROWS ? left : VK_SEEK_ROWS;      \
            for (size_t j = 0; j < group; j += step) {                                             \
                const size_t size = group - j < step ? group - j : step;                           \
                vk_prefetch_span(row + ahead, size * stride);                                      \
                SCAN(query, row, stride, size, dimensions, keys + j);                              \
                row += size * stride;                                                              \
            }                                                                                      \
            *found = BELOW(keys, group, bar);                                                      \
            if (*found) return i;                                                                  \
        }                                                                                          \
        return count;                                                                              \
    }

// MARK: One component at a time, for scalar code and for tails

/// Rounds 0...32767 to the nearest position, ties to even, as the vector instructions do.
VK_INLINE uint32_t vk_round_position(float value) {
    return (uint32_t)((value + 8388608.0f) - 8388608.0f);
}
VK_INLINE float vk_decode_position(uint32_t position, const vk_map *map) {
    const float offset = (float)position * map->fine;
    return map->origin + offset;
}
/// The position of one scaled component; adds to `flags`.
VK_INLINE uint32_t vk_encode_component(float component, float scale, const vk_map *map,
                                       uint32_t *flags) {
    const float scaled = component * scale;
    float value = (scaled - map->origin) * map->inverse_fine;
    if (value < -0.5f || value > 32767.5f) *flags |= VK_CLIPPED;
    value = value > 0.0f ? value : 0.0f;
    value = value < 32767.0f ? value : 32767.0f;
    const uint32_t position = vk_round_position(value);
    const float decoded = vk_decode_position(position, map);
    if (memcmp(&decoded, &component, sizeof decoded) != 0) *flags |= VK_INEXACT;
    return position;
}
VK_INLINE uint32_t vk_encode_span(const float *vector, size_t from, size_t to, float scale,
                                  const vk_map *map, uint8_t *codes,
                                  uint8_t *VK_NULLABLE residuals) {
    uint32_t flags = 0;
    for (size_t i = from; i < to; i++) {
        float component;
        memcpy(&component, (const uint8_t *)vector + i * sizeof component, sizeof component);
        const uint32_t position = vk_encode_component(component, scale, map, &flags);
        codes[i] = (uint8_t)(position >> 8);
        if (residuals) residuals[i] = (uint8_t)position;
    }
    return flags;
}
/// The component that a code alone stands for: the middle of positions 0...255 is 127.5.
VK_INLINE float vk_decode_code(uint32_t code, const vk_map *map) {
    const float offset = ((float)(code << 8) + 127.5f) * map->fine;
    return map->origin + offset;
}
VK_INLINE void vk_decode_span(const uint8_t *codes, const uint8_t *VK_NULLABLE residuals,
                              size_t from, size_t to, const vk_map *map, float *vector) {
    for (size_t i = from; i < to; i++) {
        const float component = residuals
            ? vk_decode_position((uint32_t)codes[i] << 8 | residuals[i], map)
            : vk_decode_code(codes[i], map);
        memcpy((uint8_t *)vector + i * sizeof component, &component, sizeof component);
    }
}

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
