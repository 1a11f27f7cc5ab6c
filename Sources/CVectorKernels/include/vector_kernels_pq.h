#pragma once
#include "vector_kernels.h"

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

// Product quantisation: a vector is cut into subvectors, and each subvector is stored as the number of its
// nearest centroid, one byte.
//
// Centroids are kept component by component: component d of centroid c is at [d * width + c]. `width` is
// the number of centroids rounded up to VK_PQ_WIDTH; the components of centroids that do not exist are
// infinite, so that no finite point is nearest to them. A codebook is the centroids of one subvector after
// those of the other. A lookup table has VK_PQ_ENTRIES floats for each subvector whatever the number of
// centroids is, so that no code can lead outside; entries without a centroid are infinite.
enum { VK_PQ_WIDTH = 16, VK_PQ_ENTRIES = 256 };

// Fast scans (André, Kermarrec, Le Scouarnec 2015): at most 16 centroids, so that a subvector's table of 16
// bytes fits a register and one shuffle looks up many codes. The rows lie in blocks of VK_SCAN_ROWS; a block
// has VK_SCAN_ENTRIES bytes for each subvector, byte i holding the codes of row i in its lower and of
// row i + 16 in its upper four bits. Subvectors are rounded up to a multiple of VK_SCAN_STEP; those that
// do not exist have tables of zeroes.
enum { VK_SCAN_ROWS = 32, VK_SCAN_ENTRIES = 16, VK_SCAN_STEP = 4 };

/// The sizes of a codebook.
typedef struct {
    size_t subvectors;  // of each vector
    size_t length;      // components of one subvector
    size_t centroids;   // for each subvector
    size_t width;       // centroids, rounded up to a multiple of VK_PQ_WIDTH
} vk_pq_shape;

/// Fills a lookup table (subvectors * VK_PQ_ENTRIES floats) for a query of aligned floats.
typedef void (*vk_pq_tabulate)(const float *query, const float *codebook, vk_pq_shape shape,
                               float *table);

/// Everything one instruction set offers for product quantisation. Every function gives the same bits
/// on every level: no multiplication is fused with an addition, and sums run in one order.
typedef struct {
    const char *name;
    /// The centroid with the smallest squared distance, the first of several, for each of `count` points
    /// of `length` aligned floats, `stride` floats apart.
    void (*nearest)(const float *points, size_t stride, size_t count, size_t length,
                    const float *centroids, size_t width, uint32_t *found);
    /// Writes the code of a vector of aligned floats: a byte for each subvector.
    void (*encode)(const float *vector, const float *codebook, vk_pq_shape shape, uint8_t *codes);
    vk_pq_tabulate tabulate_l2;   // squared distances
    vk_pq_tabulate tabulate_l1;   // absolute ones
    vk_pq_tabulate tabulate_dot;  // negated products
    /// The sums of the entries that the codes of `blocks` blocks name: VK_SCAN_ROWS numbers a block, in the
    /// order of the rows. `tables` and each block have VK_SCAN_ENTRIES bytes for each of `subvectors`,
    /// a multiple of VK_SCAN_STEP.
    void (*scan)(const uint8_t *tables, const uint8_t *codes, size_t blocks, size_t subvectors,
                 uint32_t *sums);
} vk_pq_table;

/// The functions of one level, numbered as vk_level's are; the best level for any larger number.
const vk_pq_table *vk_pq_level(size_t level);

/// Rows of codes against a lookup table, the query; `dimensions` is the number of subvectors. A key is
/// that of the sum of the entries that a row's codes name.
extern const vk_batch vk_pq_batch;

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
