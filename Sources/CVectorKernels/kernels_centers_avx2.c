// Nearest centres with AVX2: products of 7-bit codes add up in pairs without saturation.
#if defined(__x86_64__)
#include <immintrin.h>
#include "vk_internal.h"
#define ISA __attribute__((target("avx2")))
#define LANES 8
#define TILE 2

typedef __m256i center_sum;
typedef struct {
    __m256i value, center;
} center_best;

ISA VK_INLINE center_sum center_zero(void) { return _mm256_setzero_si256(); }
ISA VK_INLINE center_sum center_step(center_sum sum, const uint8_t *centers, int32_t four) {
    const __m256i pairs = _mm256_maddubs_epi16(_mm256_loadu_si256((const __m256i *)centers),
                                               _mm256_set1_epi32(four));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}
ISA VK_INLINE center_sum center_values(const int32_t *norms, center_sum sum) {
    return _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)norms),
                            _mm256_slli_epi32(sum, 1));
}
ISA VK_INLINE center_best center_none(void) {
    return (center_best){_mm256_set1_epi32(INT32_MAX), _mm256_setzero_si256()};
}
ISA VK_INLINE void center_consider(center_best *best, center_sum values, int32_t first) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i less = _mm256_cmpgt_epi32(best->value, values);
    const __m256i number = _mm256_add_epi32(lane, _mm256_set1_epi32(first));
    best->value = _mm256_min_epi32(best->value, values);
    best->center = _mm256_blendv_epi8(best->center, number, less);
}
ISA VK_INLINE void center_first(const center_best *best, uint32_t *found, int32_t *value) {
    int32_t values[LANES];
    uint32_t centers[LANES];
    memcpy(values, &best->value, sizeof values);
    memcpy(centers, &best->center, sizeof centers);
    for (size_t lane = 1; lane < LANES; lane++) {
        const int closer = values[lane] < values[0]
            || (values[lane] == values[0] && centers[lane] < centers[0]);
        values[0] = closer ? values[lane] : values[0];
        centers[0] = closer ? centers[lane] : centers[0];
    }
    *value = values[0];
    *found = centers[0];
}

#include "kernels_centers.h"
const vk_center_table vk_center_table_avx2 = {.name = "avx2", .nearest = nearest};
#endif
