#include "kernel_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "guarded.h"
#include "vector_kernels.h"

// Many queries against many rows: near the definition, the same bits for the same pair in every place, nothing read or
// written outside.

typedef struct {
    size_t dimensions, query_count, row_count, query_stride, row_stride, key_stride;
    uint8_t *queries, *rows;
    uint32_t *keys;
} tile;

static float at(const uint8_t *row, size_t i) {
    float value;
    memcpy(&value, row + i * sizeof value, sizeof value);
    return value;
}
static void put_row(uint8_t *row, size_t dimensions, uint64_t *state) {
    for (size_t i = 0; i < dimensions; i++) {
        const float value = (float)(int32_t)(next_random(state) >> 32) / 2147483648.0f;
        memcpy(row + i * sizeof value, &value, sizeof value);
    }
}

static double sum(const tile *t, int metric, const uint8_t *query, const uint8_t *row,
                  double *magnitude) {
    double sum = 0;
    *magnitude = 0;
    for (size_t i = 0; i < t->dimensions; i++) {
        const double q = at(query, i), x = at(row, i);
        const double part = metric == 0 ? -q * x : metric == 1 ? (q - x) * (q - x) : fabs(q - x);
        sum += part;
        *magnitude += fabs(part);
    }
    return sum;
}

static size_t check_keys(const tile *t, const vk_table *table, int metric, char *text,
                         size_t text_size) {
    size_t failures = 0;
    for (size_t q = 0; q < t->query_count; q++)
        for (size_t r = 0; r < t->key_stride; r++) {
            const uint32_t key = t->keys[q * t->key_stride + r];
            double magnitude = 0, wanted = 0;
            int good = key == 0xabababab;  // what was there, between two queries' keys
            if (r < t->row_count) {
                wanted = sum(t, metric, t->queries + q * t->query_stride,
                             t->rows + r * t->row_stride, &magnitude);
                good = fabs(vk_float_from_key(key) - wanted) <= 1e-6 * magnitude + 1e-30;
                // The last row is the first one again, and so is the last query.
                const size_t twin = (q + 1 == t->query_count ? 0 : q) * t->key_stride
                                    + (r + 1 == t->row_count ? 0 : r);
                good = good && key == t->keys[twin];
            }
            if (good || failures++ > 0) continue;
            snprintf(text, text_size,
                     "%s, tile of metric %d: query %zu of %zu, row %zu of %zu, %zu dimensions: %.9g, not %.9g",
                     table->name, metric, q, t->query_count, r, t->row_count, t->dimensions,
                     (double)vk_float_from_key(key), wanted);
        }
    return failures;
}

static size_t check_shape(const vk_table *table, size_t dimensions, size_t queries, size_t rows,
                          uint64_t *state, char *text, size_t text_size) {
    const vk_tile kernels[] = {table->f32_dot_tile, table->f32_l2_tile, table->f32_l1_tile};
    tile t = {.dimensions = dimensions, .query_count = queries, .row_count = rows};
    const size_t bytes = dimensions * sizeof(float);
    t.query_stride = bytes + next_random(state) % 5;
    t.row_stride = bytes + next_random(state) % 5;
    t.key_stride = rows + next_random(state) % 3;
    const size_t query_bytes = (queries - 1) * t.query_stride + bytes;
    const size_t row_bytes = (rows - 1) * t.row_stride + bytes;
    const size_t key_bytes = queries * t.key_stride * sizeof(uint32_t);
    t.queries = guarded(query_bytes);
    t.rows = guarded(row_bytes);
    t.keys = guarded(key_bytes);
    for (size_t q = 0; q < queries; q++)
        put_row(t.queries + q * t.query_stride, dimensions, state);
    for (size_t r = 0; r < rows; r++) put_row(t.rows + r * t.row_stride, dimensions, state);
    memcpy(t.queries + (queries - 1) * t.query_stride, t.queries, bytes);
    memcpy(t.rows + (rows - 1) * t.row_stride, t.rows, bytes);
    size_t failures = 0;
    for (int metric = 0; metric < 3; metric++) {
        if (!kernels[metric]) continue;
        memset(t.keys, 0xab, key_bytes);
        kernels[metric](t.queries, t.query_stride, queries, t.rows, t.row_stride, rows, dimensions,
                        t.keys, t.key_stride);
        failures += check_keys(&t, table, metric, text, text_size);
    }
    release(t.queries, query_bytes);
    release(t.rows, row_bytes);
    release(t.keys, key_bytes);
    return failures;
}

size_t tile_check(size_t level, uint64_t seed, char *text, size_t text_size) {
    const vk_table *table = vk_level(level);
    size_t failures = 0;
    for (size_t dimensions = 1; dimensions <= 130; dimensions++)
        failures += check_shape(table, dimensions, 1 + dimensions % 9, 1 + dimensions % 14, &seed,
                                text, text_size);
    failures += check_shape(table, 1100, 5, 50, &seed, text, text_size);
    return failures;
}
