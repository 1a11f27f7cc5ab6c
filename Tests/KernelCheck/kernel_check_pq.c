#include "kernel_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vector_kernels_pq.h"

// Product quantisation against plain definitions; all results are the same bits on every level.

enum { MOST_SUBVECTORS = 520, ROWS = 7 };

typedef struct {
    const vk_pq_table *table;
    uint64_t state;
    vk_pq_shape shape;
    size_t failures;
    char *text;
    size_t text_size;
    float *query, *codebook, *lookup;
    uint8_t *rows;
} check;

static uint64_t next(check *c) {
    c->state += 0x9e3779b97f4a7c15u;
    uint64_t z = c->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
/// Numbers of few bits, so that distances are often equal.
static float next_float(check *c) { return (float)((int64_t)(next(c) % 65) - 32) / 16; }

static void fail(check *c, const char *what, size_t place) {
    if (c->failures++ > 0) return;
    snprintf(c->text, c->text_size, "%s: %s differs at %zu (%zu subvectors of %zu, %zu centroids)",
             c->table->name, what, place, c->shape.subvectors, c->shape.length,
             c->shape.centroids);
}
/// A buffer that ends at a page nobody may touch.
static void *guarded(size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t body = (bytes + page - 1) / page * page;
    uint8_t *start =
        mmap(NULL, body + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (start == MAP_FAILED || mprotect(start + body, page, PROT_NONE) != 0) abort();
    return start + body - bytes;
}
static void release(void *buffer, size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t body = (bytes + page - 1) / page * page;
    munmap((uint8_t *)buffer + bytes - body, body + page);
}

// MARK: Definitions

typedef float (*step)(float sum, float a, float b);
static float l2(float sum, float a, float b) {
    const volatile float difference = a - b, square = difference * difference;
    return sum + square;
}
static float l1(float sum, float a, float b) {
    const volatile float difference = a - b;
    return sum + (difference < 0 ? -difference : difference);
}
static float dot(float sum, float a, float b) {
    const volatile float product = a * b;
    return sum - product;
}
static float entry(const check *c, step step, size_t j, size_t centroid) {
    const vk_pq_shape s = c->shape;
    volatile float sum = 0;
    for (size_t d = 0; d < s.length; d++)
        sum = step(sum, c->query[j * s.length + d],
                   c->codebook[(j * s.length + d) * s.width + centroid]);
    return sum;
}

static void check_codes(check *c) {
    const vk_pq_shape s = c->shape;
    uint8_t *codes = guarded(s.subvectors);
    uint32_t found = 99;
    c->table->encode(c->query, c->codebook, s, codes);
    for (size_t j = 0; j < s.subvectors; j++) {
        size_t best = 0;
        for (size_t centroid = 1; centroid < s.centroids; centroid++)
            if (entry(c, l2, j, centroid) < entry(c, l2, j, best)) best = centroid;
        if (codes[j] != best) fail(c, "encode", j);
        c->table->nearest(c->query + j * s.length, s.length, 1, s.length,
                          c->codebook + j * s.length * s.width, s.width, &found);
        if (found != best) fail(c, "nearest", j);
    }
    release(codes, s.subvectors);
}
static void check_lookup(check *c, const char *what, vk_pq_tabulate tabulate, step step) {
    const vk_pq_shape s = c->shape;
    memset(c->lookup, 0xee, s.subvectors * VK_PQ_ENTRIES * sizeof(float));
    tabulate(c->query, c->codebook, s, c->lookup);
    for (size_t j = 0; j < s.subvectors; j++)
        for (size_t i = 0; i < VK_PQ_ENTRIES; i++) {
            const float wanted = i < s.centroids ? entry(c, step, j, i) : __builtin_inff();
            // Equal as numbers: 0 and -0 are added to others alike.
            if (c->lookup[j * VK_PQ_ENTRIES + i] != wanted) fail(c, what, j * VK_PQ_ENTRIES + i);
        }
}
static void check_batch(check *c) {
    static const uint32_t ordinals[] = {6, 0, 5, 5, 1, 2, 6, 3, 4, 0, 6};
    static const size_t counts[] = {0, 1, 4, 7, 11};
    const size_t m = c->shape.subvectors;
    uint32_t keys[12];
    for (size_t turn = 0; turn < 5; turn++)
        for (int scanned = 0; scanned < 2; scanned++) {
            const size_t count = counts[turn];
            if (scanned && count > ROWS) continue;
            memset(keys, 0xab, sizeof keys);
            if (scanned) vk_pq_batch.scan(c->lookup, c->rows, m, count, m, keys);
            else vk_pq_batch.gather(c->lookup, c->rows, m, ordinals, count, m, keys);
            for (size_t i = 0; i < 12; i++) {
                const uint8_t *row = c->rows + (scanned ? i : ordinals[i % 11]) * m;
                volatile float sums[2] = {0, 0};
                for (size_t j = 0; i < count && j < m; j++)
                    sums[j & 1] += c->lookup[j * VK_PQ_ENTRIES + row[j]];
                if (keys[i] != (i < count ? vk_key_from_float(sums[0] + sums[1]) : 0xabababab))
                    fail(c, scanned ? "batch scan" : "batch gather", i);
            }
        }
}
static void check_shape(check *c, size_t subvectors, size_t length, size_t centroids) {
    const size_t width = (centroids + VK_PQ_WIDTH - 1) / VK_PQ_WIDTH * VK_PQ_WIDTH;
    const vk_pq_shape shape = {subvectors, length, centroids, width};
    const size_t floats = subvectors * length, entries = subvectors * VK_PQ_ENTRIES;
    c->shape = shape;
    c->query = guarded(floats * 4);
    c->codebook = guarded(floats * width * 4);
    c->lookup = guarded(entries * 4);
    c->rows = guarded(subvectors * ROWS);
    for (size_t i = 0; i < floats; i++) c->query[i] = next_float(c);
    for (size_t i = 0; i < floats * width; i++)
        c->codebook[i] = i % width < centroids ? next_float(c) : __builtin_inff();
    for (size_t i = 0; i < subvectors * ROWS; i++)
        c->rows[i] = (uint8_t)(centroids == VK_PQ_ENTRIES ? next(c) : next(c) % centroids);
    check_codes(c);
    check_lookup(c, "tabulate_l1", c->table->tabulate_l1, l1);
    check_lookup(c, "tabulate_dot", c->table->tabulate_dot, dot);
    check_lookup(c, "tabulate_l2", c->table->tabulate_l2, l2);
    check_batch(c);
    c->rows[next(c) % (subvectors * ROWS)] = 255;
    check_batch(c);
    release(c->query, floats * 4);
    release(c->codebook, floats * width * 4);
    release(c->lookup, entries * 4);
    release(c->rows, subvectors * ROWS);
}

// MARK: Fast scans

static void check_scan(check *c, size_t subvectors, size_t blocks, int extreme) {
    c->shape = (vk_pq_shape){subvectors, 1, VK_SCAN_ENTRIES, VK_PQ_WIDTH};
    const size_t table_bytes = subvectors * VK_SCAN_ENTRIES, code_bytes = blocks * table_bytes;
    const size_t rows = blocks * VK_SCAN_ROWS;
    uint8_t *tables = guarded(table_bytes), *codes = guarded(code_bytes);
    uint32_t *sums = guarded(rows * 4);
    for (size_t i = 0; i < table_bytes; i++) tables[i] = extreme ? 255 : (uint8_t)next(c);
    for (size_t i = 0; i < code_bytes; i++) codes[i] = (uint8_t)next(c);
    memset(sums, 0xee, rows * 4);
    c->table->scan(tables, codes, blocks, subvectors, sums);
    for (size_t row = 0; row < rows; row++) {
        const uint8_t *block = codes + row / VK_SCAN_ROWS * table_bytes;
        const size_t i = row % VK_SCAN_ROWS;
        uint32_t wanted = 0;
        for (size_t j = 0; j < subvectors; j++) {
            const uint8_t byte = block[j * VK_SCAN_ENTRIES + i % VK_SCAN_ENTRIES];
            wanted += tables[j * VK_SCAN_ENTRIES + (i < 16 ? byte & 15 : byte >> 4)];
        }
        if (sums[row] != wanted) fail(c, "scan", row);
    }
    release(tables, table_bytes);
    release(codes, code_bytes);
    release(sums, rows * 4);
}

size_t kernel_check_pq(size_t level, uint64_t seed, char *text, size_t text_size) {
    static const size_t centroids[] = {2, 15, 16, 17, 32, 100, 255, 256};
    check c = {.table = vk_pq_level(level), .state = seed, .text = text, .text_size = text_size};
    for (size_t length = 1; length <= 17; length++)
        for (size_t i = 0; i < 8; i++) check_shape(&c, 1 + (length * 5 + i) % 9, length, centroids[i]);
    for (size_t subvectors = 1; subvectors <= 130; subvectors += 3)
        check_shape(&c, subvectors, 1 + subvectors % 3, 16 + subvectors);
    for (size_t subvectors = VK_SCAN_STEP; subvectors <= MOST_SUBVECTORS; subvectors += VK_SCAN_STEP)
        check_scan(&c, subvectors, 1 + subvectors % 3, subvectors % 8 == 0);
    return c.failures;
}
