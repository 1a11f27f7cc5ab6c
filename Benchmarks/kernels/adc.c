// Times a query's lookup table and its distances to ROWS rows of codes, as searches of product-quantised
// segments compute them. Compiled and run by compare.py; prints one line of JSON.
#include "vector_kernels_pq.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { QUERIES = 200, REPEATS = 50 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}
static uint32_t random_word(void) {
    static uint64_t state = 42;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 32);
}
static void fill(float *values, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] = (float)random_word() / 4294967296.0f;
}
static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int count, char **words) {
    if (count != 4) return fprintf(stderr, "usage: adc DIMENSIONS SUBVECTORS ROWS\n"), 64;
    const size_t dimensions = strtoul(words[1], 0, 10), subvectors = strtoul(words[2], 0, 10);
    const size_t rows = strtoul(words[3], 0, 10);
    const vk_pq_shape shape = {subvectors, dimensions / subvectors, VK_PQ_ENTRIES, VK_PQ_ENTRIES};
    float *codebook = aligned_alloc(64, dimensions * VK_PQ_ENTRIES * sizeof *codebook);
    float *queries = aligned_alloc(64, dimensions * QUERIES * sizeof *queries);
    float *table = aligned_alloc(64, subvectors * VK_PQ_ENTRIES * sizeof *table);
    uint8_t *codes = aligned_alloc(64, (rows * subvectors + 63) / 64 * 64);
    uint32_t *keys = malloc(rows * sizeof *keys);
    if (!codebook || !queries || !table || !codes || !keys) return 1;
    fill(codebook, dimensions * VK_PQ_ENTRIES);
    fill(queries, dimensions * QUERIES);
    for (size_t i = 0; i < rows * subvectors; i++) codes[i] = (uint8_t)(random_word() >> 24);
    const vk_pq_table *kernels = vk_pq_level(SIZE_MAX);
    double both[REPEATS], tables[REPEATS];
    uint32_t sum = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double start = now();
        for (int q = 0; q < QUERIES; q++)
            kernels->tabulate_l2(queries + (size_t)q * dimensions, codebook, shape, table);
        tables[repeat] = (now() - start) / QUERIES * 1e6;
        start = now();
        for (int q = 0; q < QUERIES; q++) {
            kernels->tabulate_l2(queries + (size_t)q * dimensions, codebook, shape, table);
            vk_pq_batch.scan(table, codes, subvectors, rows, subvectors, keys);
            sum += keys[q % (int)rows];
        }
        both[repeat] = (now() - start) / QUERIES * 1e6;
    }
    qsort(both, REPEATS, sizeof *both, ascending);
    qsort(tables, REPEATS, sizeof *tables, ascending);
    printf("{\"us\": %.2f, \"table_us\": %.2f, \"level\": \"%s\", \"sum\": %u}\n", both[REPEATS / 2],
           tables[REPEATS / 2], kernels->name, sum);
    return 0;
}
