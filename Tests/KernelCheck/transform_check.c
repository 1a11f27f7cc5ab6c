#include "kernel_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "transform_kernels.h"

// Matrices with vectors against the definition: sixteen sums, then halves onto each other. The same bits on every
// level, and nothing is read or written past the end of anything.
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

static uint64_t next(uint64_t *state) {
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
static size_t mapped(size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}
/// A buffer that ends at a page nobody may touch.
static float *guarded(size_t count) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), body = mapped(count * 4);
    uint8_t *start =
        mmap(NULL, body + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (start == MAP_FAILED || mprotect(start + body, page, PROT_NONE) != 0) abort();
    return (float *)(void *)(start + body - count * 4);
}
static void release(float *buffer, size_t count) {
    munmap((uint8_t *)buffer + count * 4 - mapped(count * 4),
           mapped(count * 4) + (size_t)sysconf(_SC_PAGESIZE));
}
static void fill(float *values, size_t count, uint64_t *state) {
    for (size_t i = 0; i < count; i++) values[i] = (float)(next(state) >> 40) / 8388608 - 1;
}

static float defined(const float *row, const float *vector, size_t inputs) {
    float sums[16] = {0};
    for (size_t i = 0; i < inputs; i++) {
        const float product = row[i] * vector[i];
        sums[i % 16] = sums[i % 16] + product;
    }
    for (size_t half = 8; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) sums[l] += sums[l + half];
    return sums[0];
}

size_t transform_check(size_t level, uint64_t seed, char *text, size_t text_size) {
    static const size_t inputs[] = {1, 2, 15, 16, 17, 31, 32, 48, 65, 100, 384};
    static const size_t outputs[] = {1, 3, 4, 5, 16};
    uint64_t state = seed;
    size_t failures = 0;
    for (size_t a = 0; a < sizeof inputs / sizeof *inputs; a++) {
        for (size_t b = 0; b < sizeof outputs / sizeof *outputs; b++) {
            const size_t n = inputs[a], m = outputs[b], count = 1 + next(&state) % 9;
            float *matrix = guarded(n * m), *vectors = guarded(n * count);
            float *made = guarded(m * count);
            fill(matrix, n * m, &state);
            fill(vectors, n * count, &state);
            vk_project(level, matrix, n, m, vectors, count, made);
            for (size_t v = 0; v < count; v++) {
                for (size_t r = 0; r < m; r++) {
                    const float wanted = defined(matrix + r * n, vectors + v * n, n);
                    if (memcmp(&wanted, made + v * m + r, 4) == 0) continue;
                    if (failures++ == 0)
                        snprintf(text, text_size, "%zu x %zu, vector %zu of %zu, row %zu: %a, not %a",
                                 m, n, v, count, r, (double)made[v * m + r], (double)wanted);
                }
            }
            release(matrix, n * m);
            release(vectors, n * count);
            release(made, m * count);
        }
    }
    return failures;
}
