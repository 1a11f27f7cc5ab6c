#include "transform_kernels.h"
#include "vk_internal.h"

// The same code for every instruction set: the compiler makes registers of LANES floats what each one has. Lane l holds the
// sum of the products at l, l + LANES, l + 2 * LANES, …
enum { LANES = 16, TILE = 4 };
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef float lanes_anywhere
    __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

/// The sum of a register: halves onto each other, until one is left.
VK_INLINE float lane_sum(const lanes *sums) {
    float left[LANES];
    memcpy(left, sums, sizeof left);
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) left[l] += left[l + half];
    return left[0];
}

/// The products of one `fixed` stretch of `length` floats with `tile` others, which lie `length` apart: `tile` is a number
/// that the compiler knows.
VK_INLINE void project_tile(const float *fixed, const float *others, size_t length, size_t tile,
                            float *sums_out, size_t stride) {
    lanes sums[TILE];
    for (size_t t = 0; t < tile; t++) sums[t] = (lanes){0};
    size_t i = 0;
    for (; i + LANES <= length; i += LANES) {
        const lanes weights = *(const lanes_anywhere *)(fixed + i);
        VK_UNROLL
        for (size_t t = 0; t < tile; t++)
            sums[t] += weights * *(const lanes_anywhere *)(others + t * length + i);
    }
    for (size_t t = 0; t < tile; t++) {
        for (size_t l = 0; i + l < length; l++) sums[t][l] += fixed[i + l] * others[t * length + i + l];
        sums_out[t * stride] = lane_sum(&sums[t]);
    }
}

// Four vectors are multiplied with one row of the matrix at a time, and what is left with four rows at a time.
#define VK_DEFINE_PROJECT(NAME, ATTRIBUTES)                                                        \
    ATTRIBUTES static void NAME(const float *matrix, size_t inputs, size_t outputs,                \
                                const float *vectors, size_t count, float *projected) {            \
        size_t v = 0, r = 0;                                                                       \
        for (; v + TILE <= count; v += TILE)                                                       \
            for (r = 0; r < outputs; r++)                                                          \
                project_tile(matrix + r * inputs, vectors + v * inputs, inputs, TILE,              \
                             projected + v * outputs + r, outputs);                                \
        for (; v < count; v++) {                                                                   \
            const float *vector = vectors + v * inputs;                                            \
            for (r = 0; r + TILE <= outputs; r += TILE)                                            \
                project_tile(vector, matrix + r * inputs, inputs, TILE,                            \
                             projected + v * outputs + r, 1);                                      \
            for (; r < outputs; r++)                                                               \
                project_tile(vector, matrix + r * inputs, inputs, 1, projected + v * outputs + r,  \
                             1);                                                                   \
        }                                                                                          \
    }

VK_DEFINE_PROJECT(project_any, )
#if defined(__x86_64__)
VK_DEFINE_PROJECT(project_avx2, __attribute__((target("avx2"))))
VK_DEFINE_PROJECT(project_avx512, __attribute__((target("avx512f"))))
#endif

void vk_project(size_t level, const float *matrix, size_t inputs, size_t outputs,
                const float *vectors, size_t count, float *projected) {
#if defined(__x86_64__)
    const size_t levels = vk_level_count();
    if (level >= levels) level = levels - 1;
    if (level == 2) return project_avx512(matrix, inputs, outputs, vectors, count, projected);
    if (level == 1) return project_avx2(matrix, inputs, outputs, vectors, count, projected);
#else
    (void)level;
#endif
    project_any(matrix, inputs, outputs, vectors, count, projected);
}
