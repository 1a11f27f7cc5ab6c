#include "kernels_codes.h"

// Plain C: the definition of the codes' kernels.

#define ISA
VK_INLINE void lookup16(const uint8_t *table, uint8_t *codes) {
    for (size_t i = 0; i < 16; i++) codes[i] = table[codes[i] & 15];
}
#include "kernels_codes_encode.h"
#include "kernels_codes_bits.h"

static uint32_t bytes_dot_sum(const uint8_t *q, const uint8_t *row, size_t count) {
    const int8_t *query = (const int8_t *)q;
    int32_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += (int32_t)row[i] * query[i];
    return (uint32_t)sum;
}
static uint32_t nibbles_dot_sum(const uint8_t *q, const uint8_t *row, size_t count) {
    const int8_t *low = (const int8_t *)q, *high = low + vk_round64(count);
    int32_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += (row[i] & 15) * low[i] + (row[i] >> 4) * high[i];
    return (uint32_t)sum;
}
static uint32_t nibbles_l1_sum(const uint8_t *q, const uint8_t *row, size_t count) {
    const uint8_t *high = q + vk_round64(count);
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        const int32_t a = ((row[i] & 15) << 4 | 8) - q[i], b = ((row[i] & 0xf0) | 8) - high[i];
        sum += (uint32_t)(a < 0 ? -a : a) + (uint32_t)(b < 0 ? -b : b);
    }
    return sum;
}
static uint32_t nibbles_l2_row(const void *query, const uint8_t *row, size_t count) {
    const uint8_t *q = vk_query_data(query), *high = q + vk_round64(count);
    const uint8_t *levels = (const uint8_t *)query + VK_LEVELS;
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        const int32_t a = levels[row[i] & 15] - q[i], b = levels[row[i] >> 4] - high[i];
        sum += (uint32_t)(a * a + b * b);
    }
    return sum;
}
VK_CODES_ROW(, bytes_dot, VK_FACTORS)
VK_CODES_ONE_BY_ONE(, bytes_dot)
VK_DEFINE_BATCH(, bytes_dot, 1, 0)
VK_CODES_ROW(, nibbles_dot, VK_FACTORS)
VK_CODES_ONE_BY_ONE(, nibbles_dot)
VK_DEFINE_BATCH(, nibbles_dot, 1, 0)
VK_DEFINE_USUAL(, bytes_dot)
VK_DEFINE_USUAL(, nibbles_dot)
VK_CODES_SUM_ROW(, nibbles_l1)
VK_CODES_ONE_BY_ONE(, nibbles_l1)
VK_DEFINE_BATCH(, nibbles_l1, 1, 0)
VK_CODES_ONE_BY_ONE(, nibbles_l2)
VK_DEFINE_BATCH(, nibbles_l2, 1, 0)
VK_DEFINE_WHOLE(, nibbles_l2)

// MARK: Float16

#define DEFINE_HALF(NAME, TERM, SIGN)                                                              \
    VK_INLINE uint32_t f16_##NAME##_row(const void *query, const uint8_t *row, size_t count) {     \
        float sums[8] = {0};                                                                       \
        for (size_t i = 0; i < count; i++) {                                                       \
            float q;                                                                               \
            memcpy(&q, (const uint8_t *)query + i * sizeof q, sizeof q);                           \
            const float x = vk_widen_half(vk_load_half(row + 2 * i));                              \
            sums[i % 8] += TERM;                                                                   \
        }                                                                                          \
        float total = 0;                                                                           \
        for (size_t lane = 0; lane < 8; lane++) total += sums[lane];                               \
        return vk_finite_key(0.0f SIGN total);                                                     \
    }                                                                                              \
    VK_CODES_ONE_BY_ONE(, f16_##NAME)                                                              \
    VK_DEFINE_BATCH(, f16_##NAME, 2, 0)
DEFINE_HALF(dot, q * x, -)
DEFINE_HALF(l2, (q - x) * (q - x), +)
DEFINE_HALF(l1, __builtin_fabsf(q - x), +)

const vk_code_table vk_code_table_scalar = VK_CODE_TABLE("scalar", planes);
