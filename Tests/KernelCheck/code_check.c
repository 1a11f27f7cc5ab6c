#include "kernel_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "code_kernels.h"

// The kernels of codes and of float16 against naive definitions that share nothing with them.

enum { ROWS = 7, MOST_FACTORS = 12 };

typedef struct {
    const vk_code_table *table;
    size_t count, start, failures, page;
    uint64_t state;
    char *text;
    size_t text_size;
    uint8_t *rows_end, *query;  // rows end at a page nobody may touch
} check;

static uint64_t next(check *c) {
    c->state += 0x9e3779b97f4a7c15u;
    uint64_t z = c->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
static float next_float(check *c) { return (float)(int32_t)(next(c) >> 32) / 2147483648.0f; }
static void expect(check *c, const char *what, size_t row, int64_t got, int64_t wanted) {
    if (got == wanted || c->failures++ > 0) return;
    snprintf(c->text, c->text_size, "%s, %s, %zu long, start %zu, row %zu: %lld, not %lld",
             c->table->name, what, c->count, c->start, row, (long long)got, (long long)wanted);
}
static size_t padded(size_t count) { return (count + 63) / 64 * 64; }

// MARK: Sums by definition

typedef int64_t (*sum_of_row)(const uint8_t *data, const uint8_t *row, size_t n);

static int64_t bytes_dot(const uint8_t *data, const uint8_t *row, size_t n) {
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += (int64_t)row[i] * (int8_t)data[i];
    return sum;
}
static int64_t nibbles_dot(const uint8_t *data, const uint8_t *row, size_t n) {
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (row[i] % 16) * (int8_t)data[i] + (row[i] / 16) * (int8_t)data[padded(n) + i];
    return sum;
}
static int64_t nibbles_l1(const uint8_t *data, const uint8_t *row, size_t n) {
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += abs(row[i] % 16 * 16 + 8 - data[i]) + abs(row[i] / 16 * 16 + 8 - data[padded(n) + i]);
    return sum;
}
static int64_t nibbles_l2(const uint8_t *data, const uint8_t *row, size_t n) {
    const uint8_t *levels = data - VK_CODE_QUERY_DATA + VK_LEVELS;
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        const int64_t a = levels[row[i] % 16] - data[i], b = levels[row[i] / 16] - data[padded(n) + i];
        sum += a * a + b * b;
    }
    return sum;
}
static int64_t planes(const uint8_t *data, const uint8_t *row, size_t n) {
    int64_t sum = 0;
    for (int plane = 0; plane < VK_PLANES; plane++)
        for (size_t i = 0; i < n; i++)
            sum += (int64_t)__builtin_popcount(row[i] ^ data[padded(n) * (size_t)plane + i]) << plane;
    return sum;
}

// MARK: Rows

static void run(check *c, const vk_batch *batch, size_t stride, size_t dimensions, const char *what,
                const uint32_t *wanted, const void *query) {
    const uint8_t *base = c->rows_end - c->start - ROWS * stride;
    uint32_t keys[ROWS + 1] = {0};
    batch->scan(query, base, stride, ROWS, dimensions, keys);
    for (size_t i = 0; i < ROWS; i++) expect(c, what, i, keys[i], wanted[i]);
    static const uint32_t ordinals[ROWS] = {6, 0, 3, 3, 5, 1, 2};
    batch->gather(query, base, stride, ordinals, ROWS, dimensions, keys);
    for (size_t i = 0; i < ROWS; i++) expect(c, what, 100 + i, keys[i], wanted[ordinals[i]]);
    batch->gather(query, base, stride, ordinals, 1, dimensions, keys);
    expect(c, what, 200, keys[0], wanted[ordinals[0]]);
}

static void check_codes(check *c, const char *what, const vk_batch *batch, size_t factors,
                        sum_of_row sum, int extreme) {
    const size_t n = c->count, stride = n + factors, parts = padded(n) * VK_PLANES;
    uint8_t *base = c->rows_end - c->start - ROWS * stride, *data = c->query + VK_CODE_QUERY_DATA;
    const int is_signed = sum == bytes_dot || sum == nibbles_dot;
    uint8_t levels[16];
    for (size_t i = 0; i < 16; i++) levels[i] = extreme ? (i & 1 ? 127 : 0) : next(c) & 127;
    memset(data, sum == nibbles_l1 ? 8 : sum == nibbles_l2 ? levels[0] : 0, parts);
    for (size_t part = 0; part < VK_PLANES; part++)
        for (size_t i = 0; i < n; i++) {
            uint8_t byte = extreme ? (next(c) & 1 ? 127 : 129) : (uint8_t)next(c);
            if (is_signed && byte == 128) byte = 127;
            if (sum == nibbles_l2) byte = extreme ? 0 : byte & 127;
            data[padded(n) * part + i] = byte;
        }
    vk_code_query head = {next_float(c), next_float(c), (uint32_t)next(c), (uint32_t)next(c) | 1};
    memcpy(c->query, &head, sizeof head);
    memcpy(c->query + VK_LEVELS, levels, sizeof levels);
    uint32_t wanted[ROWS];
    for (size_t row = 0; row < ROWS; row++) {
        uint8_t *codes = base + row * stride;
        for (size_t i = 0; i < n; i++) codes[i] = extreme ? 255 : (uint8_t)next(c);
        const int64_t total = sum(data, codes, n);
        wanted[row] = (uint32_t)total;
        if (factors == 0) continue;
        float pair[3] = {next_float(c), next_float(c), NAN};
        if (row == 2) pair[0] = NAN;
        if (row == 3) pair[1] = INFINITY;
        if (row == 4) pair[0] = -3e38f;
        memcpy(codes + n, pair, factors);
        const int32_t value = (int32_t)(head.correction + head.multiplier * (uint32_t)total);
        volatile float scaled = pair[1] * head.slope;
        volatile float product = scaled * (float)value;
        volatile float constant = pair[0] + head.constant;
        volatile float distance = constant + product;
        if (isnan(distance) || distance > 3.4028235e38f) distance = 3.4028235e38f;
        if (distance < -3.4028235e38f) distance = -3.4028235e38f;
        wanted[row] = vk_key_from_float(distance);
    }
    run(c, batch, stride, stride, what, wanted, c->query);
}

// MARK: Float16

static void check_halves(check *c) {
    const size_t n = c->count;
    uint8_t *base = c->rows_end - c->start - ROWS * n * 2;
    float *query = (float *)(void *)c->query;
    for (size_t i = 0; i < n; i++) query[i] = next_float(c);
    const vk_batch *batches[] = {&c->table->f16_dot, &c->table->f16_l2, &c->table->f16_l1};
    double sums[3][ROWS] = {{0}}, sizes[3][ROWS] = {{0}};
    for (size_t row = 0; row < ROWS; row++)
        for (size_t i = 0; i < n; i++) {
            const uint16_t half = vk_half_from_float(next_float(c));
            memcpy(base + (row * n + i) * 2, &half, 2);
            const double x = vk_float_from_half(half), q = query[i];
            const double terms[] = {-q * x, (q - x) * (q - x), fabs(q - x)};
            for (size_t k = 0; k < 3; k++) sums[k][row] += terms[k], sizes[k][row] += fabs(terms[k]);
        }
    for (size_t k = 0; k < 3; k++) {
        uint32_t keys[ROWS];
        batches[k]->scan(query, base, n * 2, ROWS, n, keys);
        for (size_t row = 0; row < ROWS; row++) {
            const double got = vk_float_from_key(keys[row]);
            if (!(fabs(got - sums[k][row]) <= 1e-6 * sizes[k][row] + 1e-30))
                expect(c, "float16 sum", k, (int64_t)(got * 1e6), (int64_t)(sums[k][row] * 1e6));
        }
        run(c, batches[k], n * 2, n, "float16 batch", keys, query);
    }
}
/// Every float16 survives; halves between neighbours go to the even one.
static void check_conversions(check *c) {
    c->count = 0;
    for (uint32_t half = 0; half < 0x7c00; half++) {
        const float value = vk_float_from_half((uint16_t)half);
        const double wanted = half < 0x400 ? ldexp(half, -24)
                                           : ldexp(1024 + (half & 1023), (int)(half >> 10) - 25);
        if (value != wanted) expect(c, "float from half", half, (int64_t)value, (int64_t)wanted);
        expect(c, "half", half, vk_half_from_float(value), half);
        expect(c, "negative half", half, vk_half_from_float(-value), half | 0x8000);
        if (half == 0x7bff) continue;
        const float above = vk_float_from_half((uint16_t)(half + 1)), middle = (value + above) / 2;
        expect(c, "tie", half, vk_half_from_float(middle), half + (half & 1));
        expect(c, "above a tie", half, vk_half_from_float(nextafterf(middle, 1e9f)), half + 1);
        expect(c, "below a tie", half, vk_half_from_float(nextafterf(middle, 0)), half);
    }
    expect(c, "huge half", 0, vk_half_from_float(1e30f), 0x7bff);
    expect(c, "minus huge half", 0, vk_half_from_float(-INFINITY), 0xfbff);
    expect(c, "NaN half", 0, vk_half_from_float(NAN), 0);
}

// MARK: Encoding: the bits of plain C

static void check_encoding(check *c) {
    const size_t n = c->count, wide = padded(n);
    float *signs = malloc((VK_ROTATION_ROUNDS + 2) * wide * sizeof(float) + 2 * wide);
    if (!signs) return expect(c, "no memory", 0, 1, 0);
    float *one = signs + wide * VK_ROTATION_ROUNDS, *other = one + wide;
    uint8_t *codes = (uint8_t *)(other + wide), *expected = codes + wide;
    const vk_code_table *plain = vk_code_level(0);
    for (size_t i = 0; i < wide * VK_ROTATION_ROUNDS; i++) signs[i] = next(c) & 1 ? 0.25f : -0.25f;
    for (size_t i = 0; i < wide; i++) one[i] = i < n ? next_float(c) : 0;
    memcpy(other, one, wide * sizeof(float));
    c->table->rotate(signs, wide, one);
    plain->rotate(signs, wide, other);
    expect(c, "rotation", 0, memcmp(one, other, wide * sizeof(float)), 0);
    static const unsigned widths[] = {8, 4, 1};
    for (size_t k = 0; k < 3; k++) {
        float sums[3], wanted[3];
        c->table->quantize(one, n, widths[k], codes, sums);
        plain->quantize(one, n, widths[k], expected, wanted);
        expect(c, "codes", k, memcmp(codes, expected, n), 0);
        expect(c, "sums of codes", k, memcmp(sums, wanted, sizeof sums), 0);
    }
    free(signs);
}

/// Rows with finer halves, both at the edge of what may be read.
static void check_places(check *c) {
    const size_t n = c->count, half = (n + 1) / 2;
    uint8_t *finer = c->rows_end - c->start - half, *row = finer - c->start - half;
    vk_cells cells = {{0}, next_float(c), 0.5f + next_float(c) * next_float(c)};
    for (size_t i = 0; i < 16; i++) cells.starts[i] = next(c) % 241;
    for (size_t i = 0; i < half; i++) row[i] = (uint8_t)next(c), finer[i] = (uint8_t)next(c);
    if (n % 2 == 1) row[half - 1] &= 15, finer[half - 1] &= 15;
    float *query = malloc(2 * n * sizeof(float)), *decoded = query + n;
    if (!query) return expect(c, "no memory", 0, 1, 0);
    uint32_t most = 0;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t byte = i < half ? i : i - half, shift = i < half ? 0 : 4;
        const uint32_t place = cells.starts[row[byte] >> shift & 15] + (finer[byte] >> shift & 15);
        most = place > most ? place : most;
        query[i] = 300 * next_float(c);
        sum += (query[i] - place) * (query[i] - place);
    }
    const uint32_t highest = c->table->unpack(row, finer, n, &cells, decoded);
    for (size_t i = 0; i < n; i++) {
        const size_t byte = i < half ? i : i - half, shift = i < half ? 0 : 4;
        const uint32_t place = cells.starts[row[byte] >> shift & 15] + (finer[byte] >> shift & 15);
        volatile float offset = (float)place * cells.step;
        volatile float wanted = cells.lowest + offset;
        if (decoded[i] != wanted) expect(c, "decoded place", i, (int64_t)(decoded[i] * 1e6), (int64_t)(wanted * 1e6));
    }
    expect(c, "highest place", 0, highest, most);
    const double got = c->table->places_l2(row, finer, n, &cells, query);
    if (!(fabs(got - sum) <= 1e-5 * sum)) expect(c, "places_l2", 0, (int64_t)got, (int64_t)sum);
    free(query);
}

size_t code_check(size_t level, size_t first, size_t last, uint64_t seed, char *text,
                  size_t text_size) {
    check c = {.table = vk_code_level(level), .state = seed, .text = text, .text_size = text_size};
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t length = ((last * 2 + MOST_FACTORS) * ROWS + 16) / page * page + page;
    uint8_t *memory = mmap(NULL, length + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    const size_t query_length = VK_CODE_QUERY_DATA + (last + 64) * (VK_PLANES + 1);
    void *query = NULL;
    if (memory == MAP_FAILED || mprotect(memory + length, page, PROT_NONE) != 0
        || posix_memalign(&query, 64, query_length) != 0) {
        snprintf(text, text_size, "no memory for the check");
        return 1;
    }
    c.rows_end = memory + length;
    c.query = query;
    check_conversions(&c);
    for (size_t n = first; n <= last && c.failures == 0; n++)
        for (size_t start = 0; start < 2; start++) {
            c.count = n;
            c.start = start * (1 + n % 5);
            for (int extreme = 0; extreme < 2; extreme++) {
                check_codes(&c, "bytes_dot", &c.table->bytes_dot, 8, bytes_dot, extreme);
                check_codes(&c, "nibbles_dot", &c.table->nibbles_dot, 8, nibbles_dot, extreme);
                check_codes(&c, "nibbles_l1", &c.table->nibbles_l1, 0, nibbles_l1, extreme);
                check_codes(&c, "nibbles_l2", &c.table->nibbles_l2, 0, nibbles_l2, extreme);
                check_codes(&c, "planes", &c.table->planes, 12, planes, extreme);
            }
            check_halves(&c);
            check_encoding(&c);
            check_places(&c);
        }
    free(query);
    munmap(memory, length + page);
    return c.failures;
}
