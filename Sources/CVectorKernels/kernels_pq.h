#pragma once
#include "vector_kernels_pq.h"
#include "vk_internal.h"
#if LANES == 16
#include <immintrin.h>
#endif

// Product quantisation, included by one file for each instruction set, which defines first:
//   ISA     the functions' attributes
//   LANES   floats in a register; VK_PQ_WIDTH is a multiple of it
// and, where it uses VK_PQ_TABLE:
//   scan    the fast scan of blocks
// Written with the compilers' vector types, so that every level does the same operations in the same
// order.

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif
#define ISA_INLINE ISA VK_INLINE

/// Subvectors whose entries, 255 at most, are sure to add up to less than 65,536.
enum { PQ_SCAN_GROUP = 256 };

typedef float vk_lanes __attribute__((vector_size(LANES * 4)));
typedef int32_t vk_numbers __attribute__((vector_size(LANES * 4)));

ISA_INLINE vk_lanes pq_load(const float *values) {
    vk_lanes lanes;
    memcpy(&lanes, values, sizeof lanes);
    return lanes;
}
ISA_INLINE vk_lanes pq_all(float value) { return value - (vk_lanes){0}; }
ISA_INLINE vk_lanes pq_l2(vk_lanes sum, vk_lanes a, vk_lanes b) {
    const vk_lanes difference = a - b, square = difference * difference;
    return sum + square;
}
ISA_INLINE vk_lanes pq_l1(vk_lanes sum, vk_lanes a, vk_lanes b) {
    const vk_numbers magnitude = (vk_numbers)(a - b) & 0x7fffffff;
    return sum + (vk_lanes)magnitude;
}
ISA_INLINE vk_lanes pq_dot(vk_lanes sum, vk_lanes a, vk_lanes b) {
    const vk_lanes product = a * b;
    return sum - product;
}

// MARK: Nearest centroids

/// The best so far of each lane: strictly smaller distances win, so the first of equals stays.
typedef struct {
    vk_lanes distance;
    vk_numbers centroid;
} pq_best;

#if LANES == 16
ISA_INLINE void pq_consider(pq_best *best, vk_lanes distance, vk_numbers centroid) {
    const __mmask16 closer = _mm512_cmp_ps_mask(distance, best->distance, _CMP_LT_OQ);
    best->distance = _mm512_mask_mov_ps(best->distance, closer, distance);
    best->centroid =
        (vk_numbers)_mm512_mask_mov_epi32((__m512i)best->centroid, closer, (__m512i)centroid);
}
ISA_INLINE uint32_t pq_first(const pq_best *best) {
    const __m512 smallest = _mm512_set1_ps(_mm512_reduce_min_ps(best->distance));
    const __mmask16 equal = _mm512_cmp_ps_mask(best->distance, smallest, _CMP_EQ_OQ);
    return _mm512_mask_reduce_min_epu32(equal, (__m512i)best->centroid);
}
#else
ISA_INLINE void pq_consider(pq_best *best, vk_lanes distance, vk_numbers centroid) {
    const vk_numbers closer = distance < best->distance;
    best->distance = (vk_lanes)((closer & (vk_numbers)distance)
                                | (~closer & (vk_numbers)best->distance));
    best->centroid = (closer & centroid) | (~closer & best->centroid);
}
ISA_INLINE uint32_t pq_first(const pq_best *best) {
    float distances[LANES];
    int32_t centroids[LANES];
    memcpy(distances, &best->distance, sizeof distances);
    memcpy(centroids, &best->centroid, sizeof centroids);
    for (size_t lane = 1; lane < LANES; lane++) {
        const int closer = distances[lane] < distances[0]
            || (distances[lane] == distances[0] && centroids[lane] < centroids[0]);
        distances[0] = closer ? distances[lane] : distances[0];
        centroids[0] = closer ? centroids[lane] : centroids[0];
    }
    return (uint32_t)centroids[0];
}
#endif
/// Of one point; two blocks of centroids at a time keep the adders busy.
ISA_INLINE uint32_t pq_nearest(const float *point, size_t length, const float *centroids,
                               size_t width) {
    vk_numbers number;
    for (int32_t lane = 0; lane < LANES; lane++) number[lane] = lane;
    pq_best best = {pq_all(__builtin_inff()), number - number};
    size_t c = 0;
    for (; c + 2 * LANES <= width; c += 2 * LANES) {
        vk_lanes first = {0}, second = {0};
        for (size_t d = 0; d < length; d++) {
            const vk_lanes component = pq_all(point[d]);
            first = pq_l2(first, component, pq_load(centroids + d * width + c));
            second = pq_l2(second, component, pq_load(centroids + d * width + c + LANES));
        }
        pq_consider(&best, first, number + (int32_t)c);
        pq_consider(&best, second, number + (int32_t)(c + LANES));
    }
    for (; c < width; c += LANES) {
        vk_lanes sum = {0};
        for (size_t d = 0; d < length; d++)
            sum = pq_l2(sum, pq_all(point[d]), pq_load(centroids + d * width + c));
        pq_consider(&best, sum, number + (int32_t)c);
    }
    return pq_first(&best);
}

/// Calls pq_nearest with lengths that the compiler knows: subvectors usually have few components.
#define PQ_EACH_LENGTH(LENGTH, CALL)                                                               \
    switch (LENGTH) {                                                                              \
    case 1: CALL(1); break;                                                                        \
    case 2: CALL(2); break;                                                                        \
    case 4: CALL(4); break;                                                                        \
    case 6: CALL(6); break;                                                                        \
    case 8: CALL(8); break;                                                                        \
    default: CALL(LENGTH);                                                                         \
    }

ISA static void nearest(const float *points, size_t stride, size_t count, size_t length,
                        const float *centroids, size_t width, uint32_t *found) {
#define PQ_NEAREST(LENGTH)                                                                         \
    for (size_t i = 0; i < count; i++)                                                             \
        found[i] = pq_nearest(points + i * stride, LENGTH, centroids, width)
    PQ_EACH_LENGTH(length, PQ_NEAREST)
}

ISA static void encode(const float *vector, const float *codebook, vk_pq_shape shape,
                       uint8_t *codes) {
#define PQ_ENCODE(LENGTH)                                                                          \
    for (size_t j = 0; j < shape.subvectors; j++)                                                  \
        codes[j] = (uint8_t)pq_nearest(vector + j * (LENGTH), LENGTH,                              \
                                       codebook + j * (LENGTH) * shape.width, shape.width)
    PQ_EACH_LENGTH(shape.length, PQ_ENCODE)
}

// MARK: Lookup tables

#define DEFINE_TABULATE(NAME, STEP)                                                                \
    ISA_INLINE void NAME##_body(const float *query, const float *codebook, vk_pq_shape shape,      \
                                size_t length, float *table) {                                     \
        for (size_t j = 0; j < shape.subvectors; j++) {                                            \
            for (size_t c = 0; c < shape.width; c += LANES) {                                      \
                vk_lanes sum = {0};                                                                \
                for (size_t d = 0; d < length; d++)                                                \
                    sum = STEP(sum, pq_all(query[d]), pq_load(codebook + d * shape.width + c));    \
                memcpy(table + c, &sum, sizeof sum);                                               \
            }                                                                                      \
            for (size_t c = shape.centroids; c < VK_PQ_ENTRIES; c++) table[c] = __builtin_inff();  \
            query += length;                                                                       \
            codebook += length * shape.width;                                                      \
            table += VK_PQ_ENTRIES;                                                                \
        }                                                                                          \
    }                                                                                              \
    ISA static void NAME(const float *query, const float *codebook, vk_pq_shape shape,             \
                         float *table) {                                                           \
        PQ_EACH_LENGTH(shape.length, NAME##_CALL)                                                  \
    }
#define tabulate_l2_CALL(LENGTH) tabulate_l2_body(query, codebook, shape, LENGTH, table)
#define tabulate_l1_CALL(LENGTH) tabulate_l1_body(query, codebook, shape, LENGTH, table)
#define tabulate_dot_CALL(LENGTH) tabulate_dot_body(query, codebook, shape, LENGTH, table)
DEFINE_TABULATE(tabulate_l2, pq_l2)
DEFINE_TABULATE(tabulate_l1, pq_l1)
DEFINE_TABULATE(tabulate_dot, pq_dot)

#define VK_PQ_TABLE(NAME)                                                                          \
    {                                                                                              \
        .name = NAME, .nearest = nearest, .encode = encode, .tabulate_l2 = tabulate_l2,            \
        .tabulate_l1 = tabulate_l1, .tabulate_dot = tabulate_dot, .scan = scan,                    \
    }

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
