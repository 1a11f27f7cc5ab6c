#include "kernel_check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vector_kernels.h"

// The definitions here are deliberately naive and share nothing with the kernels.

enum { ROWS = 7 };

typedef struct {
    const vk_table *table;
    size_t dimensions, start, failures;
    uint64_t state;
    char *text;
    size_t text_size;
    // Each buffer is one mapping that ends at a page nobody may touch.
    float *query, *rows[ROWS], *decoded;
    uint8_t *codes[ROWS], *query_codes, *bits[ROWS], *query_bits;
    uint8_t *encoded, *encoded_residuals, *residuals[ROWS];
    int8_t *query_signed;
} check;

// MARK: Helpers

static uint64_t next(check *c) {
    c->state += 0x9e3779b97f4a7c15u;
    uint64_t z = c->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
/// A number in -1...1; a few zeroes of both signs, so that some components are equal.
static float next_float(check *c) {
    const uint64_t bits = next(c);
    if ((bits & 15) == 0) return bits & 16 ? -0.0f : 0.0f;
    return (float)(int32_t)(bits >> 32) / 2147483648.0f;
}
__attribute__((format(printf, 2, 3))) static void fail(check *c, const char *format, ...) {
    if (c->failures++ > 0) return;
    int used = snprintf(c->text, c->text_size, "%s, %zu dimensions, start %zu: ", c->table->name,
                        c->dimensions, c->start);
    if (used < 0 || (size_t)used >= c->text_size) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(c->text + used, c->text_size - (size_t)used, format, arguments);
    va_end(arguments);
}
static void expect(check *c, const char *what, int64_t got, int64_t wanted) {
    if (got != wanted) fail(c, "%s is %lld, not %lld", what, (long long)got, (long long)wanted);
}
/// A float sum may differ by rounding in proportion to the sum of magnitudes.
static void expect_near(check *c, const char *what, float got, double wanted, double magnitude) {
    if (!(fabs(got - wanted) <= 1e-6 * magnitude + 1e-30))
        fail(c, "%s is %.9g, not %.9g", what, (double)got, wanted);
}
static uint32_t float_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}
/// Reads without asking for alignment.
static float at(const float *values, size_t index) {
    float value;
    memcpy(&value, (const uint8_t *)values + index * sizeof value, sizeof value);
    return value;
}
static void put(float *values, size_t index, float value) {
    memcpy((uint8_t *)values + index * sizeof value, &value, sizeof value);
}

// MARK: Definitions

static void check_floats(check *c, const float *row) {
    const vk_table *t = c->table;
    double dot = 0, dot_magnitude = 0, l2 = 0, l1 = 0;
    uint32_t unequal = 0;
    for (size_t i = 0; i < c->dimensions; i++) {
        const double q = at(c->query, i), x = at(row, i);
        dot += q * x;
        dot_magnitude += fabs(q * x);
        l2 += (q - x) * (q - x);
        l1 += fabs(q - x);
        unequal += q != x;
    }
    expect_near(c, "f32_dot", t->f32_dot(c->query, row, c->dimensions), dot, dot_magnitude);
    expect_near(c, "f32_l2", t->f32_l2(c->query, row, c->dimensions), l2, l2);
    expect_near(c, "f32_l1", t->f32_l1(c->query, row, c->dimensions), l1, l1);
    expect(c, "f32_unequal", t->f32_unequal(c->query, row, c->dimensions), unequal);
}
static void check_below(check *c) {
    uint32_t keys[64];
    const size_t count = next(c) % 65;
    const uint32_t bar = next(c) % 2 ? (uint32_t)next(c) : (uint32_t)(next(c) % 3) - 1;
    uint64_t wanted = 0;
    for (size_t i = 0; i < count; i++) {
        keys[i] = next(c) % 4 ? (uint32_t)next(c) : bar;
        if (keys[i] <= bar) wanted |= 1ull << i;
    }
    expect(c, "below", (int64_t)c->table->below(keys, count, bar), (int64_t)wanted);
}
static void check_codes(check *c, const uint8_t *row, const uint8_t *bits) {
    const vk_table *t = c->table;
    int64_t l2 = 0, l1 = 0, dot = 0, hamming = 0;
    for (size_t i = 0; i < c->dimensions; i++) {
        const int64_t difference = (int64_t)c->query_codes[i] - row[i];
        l2 += difference * difference;
        l1 += difference < 0 ? -difference : difference;
        dot += (int64_t)c->query_signed[i] * row[i];
        for (uint8_t rest = c->query_bits[i] ^ bits[i]; rest; rest >>= 1) hamming += rest & 1;
    }
    expect(c, "u7_l2", t->u7_l2(c->query_codes, row, c->dimensions), l2);
    expect(c, "u7_l1", t->u7_l1(c->query_codes, row, c->dimensions), l1);
    expect(c, "u7_dot", t->u7_dot(row, c->query_signed, c->dimensions), dot);
    expect(c, "bits_hamming", t->bits_hamming(c->query_bits, bits, c->dimensions), hamming);
}

// MARK: Batches

typedef uint32_t (*single_key)(const check *c, const void *row);
static uint32_t key_f32_dot(const check *c, const void *row) {
    return vk_key_from_float(0.0f - c->table->f32_dot(c->query, row, c->dimensions));
}
static uint32_t key_f32_l2(const check *c, const void *row) {
    return vk_key_from_float(c->table->f32_l2(c->query, row, c->dimensions));
}
static uint32_t key_f32_l1(const check *c, const void *row) {
    return vk_key_from_float(c->table->f32_l1(c->query, row, c->dimensions));
}
static uint32_t key_f32_unequal(const check *c, const void *row) {
    return c->table->f32_unequal(c->query, row, c->dimensions);
}
static uint32_t key_u7_l2(const check *c, const void *row) {
    return c->table->u7_l2(c->query_codes, row, c->dimensions);
}
static uint32_t key_u7_l1(const check *c, const void *row) {
    return c->table->u7_l1(c->query_codes, row, c->dimensions);
}
static uint32_t key_u7_dot(const check *c, const void *row) {
    return 0x80000000u - (uint32_t)c->table->u7_dot(row, c->query_signed, c->dimensions);
}
static uint32_t key_bits(const check *c, const void *row) {
    return c->table->bits_hamming(c->query_bits, row, c->dimensions);
}

/// Rows lie in one array that ends at the unreadable page; batches must give the single kernels' keys.
static void check_batch(check *c, const char *what, vk_batch batch, single_key single,
                        const void *query, const uint8_t *base, size_t stride) {
    static const uint32_t ordinals[] = {6, 0, 5, 5, 1, 2, 6, 3, 4, 0, 6};
    static const size_t gathered[] = {0, 3, 11}, scanned[] = {0, 2, ROWS};
    uint32_t keys[16], wanted[ROWS];
    for (size_t row = 0; row < ROWS; row++) wanted[row] = single(c, base + row * stride);
    for (size_t turn = 0; turn < 3; turn++) {
        size_t count = gathered[turn];
        memset(keys, 0xab, sizeof keys);
        batch.gather(query, base, stride, ordinals, count, c->dimensions, keys);
        for (size_t i = 0; i < 16; i++)
            if (keys[i] != (i < count ? wanted[ordinals[i]] : 0xabababab))
                fail(c, "%s gather of %zu differs at %zu", what, count, i);
        count = scanned[turn];
        memset(keys, 0xab, sizeof keys);
        batch.scan(query, base, stride, count, c->dimensions, keys);
        for (size_t i = 0; i < 16; i++)
            if (keys[i] != (i < count ? wanted[i] : 0xabababab))
                fail(c, "%s scan of %zu differs at %zu", what, count, i);
    }
}
/// What a seek finds among the rows, with bars below, at and above their keys.
static void check_seek(check *c, size_t stride) {
    uint32_t keys[VK_SEEK_ROWS], wanted[ROWS];
    for (size_t row = 0; row < ROWS; row++) wanted[row] = key_bits(c, c->bits[row]);
    for (size_t turn = 0; turn < 2 * ROWS + 2; turn++) {
        const size_t count = turn % (ROWS + 1);
        const uint32_t bar = turn < ROWS ? wanted[turn] : turn & 1 ? UINT32_MAX : wanted[0] - 1;
        uint64_t found = 0xabab, near = 0;
        for (size_t row = 0; row < count; row++) near |= (uint64_t)(wanted[row] <= bar) << row;
        const size_t first = c->table->bits_hamming_seek(c->query_bits, c->bits[0], stride, count,
                                                         c->dimensions, bar, keys, &found);
        expect(c, "the group sought", (int64_t)first, near ? 0 : (int64_t)count);
        expect(c, "the rows sought", (int64_t)found, (int64_t)near);
        for (size_t row = 0; near && row < count; row++)
            expect(c, "a key sought", keys[row], wanted[row]);
    }
}
static void check_batches(check *c) {
    const vk_table *t = c->table;
    const uint8_t *floats = (const uint8_t *)c->rows[0];
    const size_t stride = c->dimensions, float_stride = c->dimensions * sizeof(float);
    check_batch(c, "f32_dot", t->f32_dot_batch, key_f32_dot, c->query, floats, float_stride);
    check_batch(c, "f32_l2", t->f32_l2_batch, key_f32_l2, c->query, floats, float_stride);
    check_batch(c, "f32_l1", t->f32_l1_batch, key_f32_l1, c->query, floats, float_stride);
    check_batch(c, "f32_unequal", t->f32_unequal_batch, key_f32_unequal, c->query, floats,
                float_stride);
    check_batch(c, "u7_l2", t->u7_l2_batch, key_u7_l2, c->query_codes, c->codes[0], stride);
    check_batch(c, "u7_l1", t->u7_l1_batch, key_u7_l1, c->query_codes, c->codes[0], stride);
    check_batch(c, "u7_dot", t->u7_dot_batch, key_u7_dot, c->query_signed, c->codes[0], stride);
    check_batch(c, "bits_hamming", t->bits_hamming_batch, key_bits, c->query_bits, c->bits[0],
                stride);
    check_seek(c, stride);
}

// MARK: Encoding

/// The definition of an encoded component, written with the C library's rounding.
static uint32_t position_of(float component, float scale, const vk_map *map, uint32_t *flags) {
    const volatile float scaled = component * scale;
    const volatile float shifted = scaled - map->origin;
    const volatile float value = shifted * map->inverse_fine;
    float clamped = value;
    if (value < -0.5f || value > 32767.5f) *flags |= VK_CLIPPED;
    if (!(clamped > 0)) clamped = 0;
    if (clamped > 32767) clamped = 32767;
    const uint32_t position = (uint32_t)lrintf(clamped);
    const volatile float offset = (float)position * map->fine;
    const volatile float decoded = map->origin + offset;
    if (float_bits(decoded) != float_bits(component)) *flags |= VK_INEXACT;
    return position;
}
static void check_encoding(check *c, const float *row, float scale, const vk_map *map) {
    uint32_t flags = 0;
    memset(c->encoded, 0xee, c->dimensions);
    memset(c->encoded_residuals, 0xee, c->dimensions);
    const uint32_t got = c->table->encode(row, c->dimensions, scale, map, c->encoded,
                                          c->encoded_residuals);
    for (size_t i = 0; i < c->dimensions; i++) {
        const uint32_t position = position_of(at(row, i), scale, map, &flags);
        expect(c, "code", c->encoded[i], position >> 8);
        expect(c, "residual", c->encoded_residuals[i], position & 255);
    }
    expect(c, "encode's flags", got, flags);
    memset(c->decoded, 0xee, c->dimensions * sizeof(float));
    c->table->decode(c->encoded, c->encoded_residuals, c->dimensions, map, c->decoded);
    for (size_t i = 0; i < c->dimensions; i++) {
        const uint32_t position = (uint32_t)c->encoded[i] << 8 | c->encoded_residuals[i];
        const volatile float offset = (float)position * map->fine;
        expect(c, "decoded bits", float_bits(at(c->decoded, i)), float_bits(map->origin + offset));
    }
    const vk_table *t = c->table;
    const uint8_t *codes = c->encoded, *residuals = c->encoded_residuals;
    const size_t d = c->dimensions;
    expect(c, "residual_dot", float_bits(t->residual_dot(c->query, codes, residuals, d, map)),
           float_bits(t->f32_dot(c->query, c->decoded, d)));
    expect(c, "residual_l2", float_bits(t->residual_l2(c->query, codes, residuals, d, map)),
           float_bits(t->f32_l2(c->query, c->decoded, d)));
    expect(c, "residual_l1", float_bits(t->residual_l1(c->query, codes, residuals, d, map)),
           float_bits(t->f32_l1(c->query, c->decoded, d)));
    c->table->decode(c->encoded, NULL, c->dimensions, map, c->decoded);
    for (size_t i = 0; i < c->dimensions; i++) {
        const volatile float offset = ((float)(c->encoded[i] * 256) + 127.5f) * map->fine;
        expect(c, "decoded middle", float_bits(at(c->decoded, i)), float_bits(map->origin + offset));
    }
    const uint32_t again =
        c->table->encode(row, c->dimensions, scale, map, c->encoded, NULL);
    expect(c, "encode's flags without residuals", again, flags);
}
static void check_residual_gather(check *c, const vk_map *map) {
    static const uint32_t ordinals[] = {6, 0, 5, 5, 1, 2, 6, 3, 4, 0, 6};
    float distances[12];
    for (size_t count = 0; count <= 11; count += 11) {
        for (size_t i = 0; i < 12; i++) distances[i] = -77;
        vk_residual_gather(c->table->residual_l2, c->query, c->codes[0], c->dimensions,
                           c->residuals[0], c->dimensions, ordinals, count, c->dimensions, map,
                           distances);
        for (size_t i = 0; i < 12; i++) {
            const float wanted = i < count
                ? c->table->residual_l2(c->query, c->codes[ordinals[i]],
                                        c->residuals[ordinals[i]], c->dimensions, map)
                : -77;
            expect(c, "residual gather", float_bits(distances[i]), float_bits(wanted));
        }
    }
}

// MARK: One dimension

static void fill(check *c, int extreme) {
    for (size_t i = 0; i < c->dimensions; i++) {
        put(c->query, i, next_float(c));
        c->query_codes[i] = extreme ? 127 : (uint8_t)(next(c) & 127);
        c->query_signed[i] = extreme ? -127 : (int8_t)((int64_t)(next(c) % 255) - 127);
        c->query_bits[i] = extreme ? 255 : (uint8_t)next(c);
        for (size_t row = 0; row < ROWS; row++) {
            put(c->rows[row], i, next_float(c));
            c->codes[row][i] = extreme ? (row & 1 ? 127 : 0) : (uint8_t)(next(c) & 127);
            c->residuals[row][i] = (uint8_t)next(c);
            c->bits[row][i] = extreme ? 0 : (uint8_t)next(c);
        }
    }
}
/// A buffer's pages: `bytes` of them end exactly at an unreadable page.
static uint8_t *guarded(size_t bytes, void **mapping, size_t *length) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t body = (bytes + page - 1) / page * page;
    *length = body + page;
    uint8_t *start = mmap(NULL, *length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (start == MAP_FAILED) return NULL;
    *mapping = start;
    if (mprotect(start + body, page, PROT_NONE) != 0) return NULL;
    return start + body;
}
static void check_dimension(check *c, uint8_t *const *ends) {
    const size_t d = c->dimensions, start = c->start;
    c->query = (float *)(void *)(ends[0] - d * 4 - start);
    c->decoded = (float *)(void *)(ends[1] - d * 4 - start);
    c->query_codes = ends[2] - d - start;
    c->query_bits = ends[3] - d - start;
    c->encoded = ends[4] - d - start;
    c->encoded_residuals = ends[5] - d - start;
    c->query_signed = (int8_t *)(ends[6] - d - start);
    for (size_t row = 0; row < ROWS; row++) {
        const size_t after = ROWS - row;
        c->rows[row] = (float *)(void *)(ends[7] - after * d * 4 - start);
        c->codes[row] = ends[8] - after * d - start;
        c->residuals[row] = ends[9] - after * d - start;
        c->bits[row] = ends[10] - after * d - start;
    }
    static const vk_map bytes = {-0.5f, 1.0f / 128, 128.0f};
    static const vk_map narrow = {-0.7f, 1.3f / 32767, 32767 / 1.3f};
    for (int extreme = 0; extreme < 2; extreme++) {
        fill(c, extreme);
        for (size_t row = 0; row < 2; row++) {
            check_floats(c, c->rows[row]);
            check_below(c);
            check_codes(c, c->codes[row], c->bits[row]);
        }
        check_batches(c);
    }
    check_residual_gather(c, &narrow);
    check_encoding(c, c->rows[0], 1.0f, &narrow);
    check_encoding(c, c->rows[1], 0.37f, &narrow);
    for (size_t i = 0; i < d; i++) put(c->rows[2], i, (float)(next(c) & 255));
    check_encoding(c, c->rows[2], 1.0f, &bytes);
    // Halves of positions: ties, and both ends of the map to either side.
    for (size_t i = 0; i < d; i++) put(c->rows[3], i, (float)(next(c) % 65600) / 256 - 0.515625f);
    if (d > 2) put(c->rows[3], d - 2, 255.49609375f);
    check_encoding(c, c->rows[3], 1.0f, &bytes);
    for (size_t i = 0; i < d; i++) put(c->rows[3], i, 7);
    put(c->rows[3], d - 1, d & 1 ? 255.49609375f : -0.50390625f);
    check_encoding(c, c->rows[3], 1.0f, &bytes);
}

size_t kernel_check(size_t level, size_t first, size_t last, uint64_t seed, char *text,
                    size_t text_size) {
    enum { BUFFERS = 11 };
    uint8_t *ends[BUFFERS] = {0};
    void *mappings[BUFFERS] = {0};
    size_t lengths[BUFFERS] = {0};
    check c = {.table = vk_level(level), .state = seed, .text = text, .text_size = text_size};
    for (size_t i = 0; i < BUFFERS; i++) {
        ends[i] = guarded((last * 4 + 8) * ROWS, &mappings[i], &lengths[i]);
        if (!ends[i]) fail(&c, "no memory for the check");
    }
    for (size_t d = first; d <= last && c.failures == 0; d++)
        for (size_t start = 0; start < 2; start++) {
            c.dimensions = d;
            c.start = start * (1 + d % 5);
            check_dimension(&c, ends);
        }
    for (size_t i = 0; i < BUFFERS; i++)
        if (mappings[i]) munmap(mappings[i], lengths[i]);
    return c.failures;
}

#if defined(KERNEL_CHECK_MAIN)
int main(int count, char **arguments) {
    const size_t last = count > 1 ? (size_t)atol(arguments[1]) : 1100;
    size_t failures = 0;
    for (size_t level = 0; level < vk_level_count(); level++) {
        char text[256] = "as defined";
        failures += kernel_check(level, 1, last, 20260101, text, sizeof text);
        printf("%s, dimensions 1...%zu: %s\n", vk_level(level)->name, last, text);
        char product[256] = "as defined";
        failures += kernel_check_pq(level, 20260101, product, sizeof product);
        printf("%s, product quantisation: %s\n", vk_level(level)->name, product);
        char codes[256] = "as defined";
        failures += code_check(level, 1, last, 20260102, codes, sizeof codes);
        printf("%s, codes of 1...%zu bytes: %s\n", vk_level(level)->name, last, codes);
        char centers[256] = "as defined";
        failures += center_check(level, 20260103, centers, sizeof centers);
        printf("%s, nearest centres: %s\n", vk_level(level)->name, centers);
        char transforms[256] = "as defined";
        failures += transform_check(level, 20260104, transforms, sizeof transforms);
        printf("%s, transforms: %s\n", vk_level(level)->name, transforms);
    }
    return failures != 0;
}
#endif
