// Nearest centres with AVX-512 VNNI: 64 products per instruction.
#if defined(__x86_64__)
#include <immintrin.h>
#include "vk_internal.h"
#define ISA __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))
#define LANES 16
#define TILE 12

typedef __m512i center_sum;
typedef struct {
    __m512i value, center;
} center_best;

ISA VK_INLINE center_sum center_zero(void) { return _mm512_setzero_si512(); }
ISA VK_INLINE center_sum center_step(center_sum sum, const uint8_t *centers, int32_t four) {
    return _mm512_dpbusd_epi32(sum, _mm512_loadu_si512(centers), _mm512_set1_epi32(four));
}
ISA VK_INLINE center_sum center_values(const int32_t *norms, center_sum sum) {
    return _mm512_sub_epi32(_mm512_loadu_si512(norms), _mm512_slli_epi32(sum, 1));
}
ISA VK_INLINE center_best center_none(void) {
    return (center_best){_mm512_set1_epi32(INT32_MAX), _mm512_setzero_si512()};
}
ISA VK_INLINE void center_consider(center_best *best, center_sum values, int32_t first) {
    const __m512i lane =
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __mmask16 less = _mm512_cmplt_epi32_mask(values, best->value);
    best->value = _mm512_min_epi32(best->value, values);
    best->center = _mm512_mask_add_epi32(best->center, less, lane, _mm512_set1_epi32(first));
}
ISA VK_INLINE void center_first(const center_best *best, uint32_t *found, int32_t *value) {
    *value = _mm512_reduce_min_epi32(best->value);
    const __mmask16 equal = _mm512_cmpeq_epi32_mask(best->value, _mm512_set1_epi32(*value));
    *found = _mm512_mask_reduce_min_epu32(equal, best->center);
}

#include "kernels_centers.h"
const vk_center_table vk_center_table_avx512 = {.name = "avx512vnni", .nearest = nearest};
#endif
