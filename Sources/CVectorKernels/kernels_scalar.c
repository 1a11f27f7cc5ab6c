#include "vk_internal.h"

// Plain C for every CPU: the definition that the integer kernels of the other files must equal, and
// the encoder. Eight partial sums let the compiler use the baseline's vector registers.

enum { LANES = 8 };

VK_INLINE float load(const void *row, size_t index) {
    float value;
    memcpy(&value, (const uint8_t *)row + index * sizeof value, sizeof value);
    return value;
}
VK_INLINE float step_dot(float sum, float a, float b) { return sum + a * b; }
VK_INLINE float step_l2(float sum, float a, float b) {
    const float difference = a - b;
    return sum + difference * difference;
}
VK_INLINE float step_l1(float sum, float a, float b) { return sum + __builtin_fabsf(a - b); }
VK_INLINE float total(const float *sums) {
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

// MARK: Floats

#define DEFINE_FLOAT(NAME, STEP, KEY)                                                              \
    static float f32_##NAME(const float *a, const float *b, size_t dimensions) {                   \
        float sums[LANES] = {0};                                                                   \
        size_t i = 0;                                                                              \
        for (; i + LANES <= dimensions; i += LANES)                                                \
            for (size_t lane = 0; lane < LANES; lane++)                                            \
                sums[lane] = STEP(sums[lane], load(a, i + lane), load(b, i + lane));               \
        for (size_t lane = 0; i < dimensions; i++, lane++)                                         \
            sums[lane] = STEP(sums[lane], load(a, i), load(b, i));                                 \
        return total(sums);                                                                        \
    }                                                                                              \
    static float residual_##NAME(const float *query, const uint8_t *codes,                         \
                                 const uint8_t *residuals, size_t dimensions, const vk_map *map) { \
        float sums[LANES] = {0};                                                                   \
        for (size_t i = 0; i < dimensions; i++) {                                                  \
            const uint32_t position = (uint32_t)codes[i] << 8 | residuals[i];                      \
            const float component = vk_decode_position(position, map);                             \
            sums[i % LANES] = STEP(sums[i % LANES], load(query, i), component);                    \
        }                                                                                          \
        return total(sums);                                                                        \
    }                                                                                              \
    VK_INLINE uint32_t f32_##NAME##_row(const void *q, const uint8_t *row, size_t dimensions) {    \
        return KEY(f32_##NAME(q, (const void *)row, dimensions));                                  \
    }
DEFINE_FLOAT(dot, step_dot, vk_dot_key)
DEFINE_FLOAT(l2, step_l2, vk_key_from_float)
DEFINE_FLOAT(l1, step_l1, vk_key_from_float)

static uint32_t f32_unequal(const float *a, const float *b, size_t dimensions) {
    uint32_t sum = 0;
    for (size_t i = 0; i < dimensions; i++) sum += load(a, i) != load(b, i);
    return sum;
}
VK_INLINE uint32_t f32_unequal_row(const void *q, const uint8_t *row, size_t dimensions) {
    return f32_unequal(q, (const void *)row, dimensions);
}

// MARK: Codes

static uint32_t u7_l2(const uint8_t *a, const uint8_t *b, size_t dimensions) {
    uint32_t sum = 0;
    for (size_t i = 0; i < dimensions; i++) {
        const int32_t difference = (int32_t)a[i] - (int32_t)b[i];
        sum += (uint32_t)(difference * difference);
    }
    return sum;
}
static uint32_t u7_l1(const uint8_t *a, const uint8_t *b, size_t dimensions) {
    uint32_t sum = 0;
    for (size_t i = 0; i < dimensions; i++)
        sum += (uint32_t)(a[i] > b[i] ? a[i] - b[i] : b[i] - a[i]);
    return sum;
}
static int32_t u7_dot(const uint8_t *codes, const int8_t *query, size_t dimensions) {
    int32_t sum = 0;
    for (size_t i = 0; i < dimensions; i++) sum += (int32_t)codes[i] * (int32_t)query[i];
    return sum;
}
static uint32_t bits_hamming(const uint8_t *a, const uint8_t *b, size_t bytes) {
    uint32_t sum = 0;
    size_t i = 0;
    for (; i + 8 <= bytes; i += 8) {
        uint64_t x, y;
        memcpy(&x, a + i, 8);
        memcpy(&y, b + i, 8);
        sum += (uint32_t)__builtin_popcountll(x ^ y);
    }
    for (; i < bytes; i++) sum += (uint32_t)__builtin_popcount((unsigned)(a[i] ^ b[i]));
    return sum;
}
VK_INLINE uint32_t u7_l2_row(const void *q, const uint8_t *row, size_t dimensions) {
    return u7_l2(q, row, dimensions);
}
VK_INLINE uint32_t u7_l1_row(const void *q, const uint8_t *row, size_t dimensions) {
    return u7_l1(q, row, dimensions);
}
VK_INLINE uint32_t u7_dot_row(const void *q, const uint8_t *row, size_t dimensions) {
    return 0x80000000u - (uint32_t)u7_dot(row, q, dimensions);
}
VK_INLINE uint32_t bits_hamming_row(const void *q, const uint8_t *row, size_t dimensions) {
    return bits_hamming(q, row, dimensions);
}

// MARK: Batches

#define DEFINE_BATCH(NAME, ELEMENT)                                                                \
    VK_INLINE void NAME##_rows4(const void *q, const uint8_t *r0, const uint8_t *r1,               \
                                const uint8_t *r2, const uint8_t *r3, size_t dimensions,           \
                                uint32_t *keys) {                                                  \
        keys[0] = NAME##_row(q, r0, dimensions);                                                   \
        keys[1] = NAME##_row(q, r1, dimensions);                                                   \
        keys[2] = NAME##_row(q, r2, dimensions);                                                   \
        keys[3] = NAME##_row(q, r3, dimensions);                                                   \
    }                                                                                              \
    VK_DEFINE_BATCH(, NAME, ELEMENT, 0)
DEFINE_BATCH(f32_dot, sizeof(float))
DEFINE_BATCH(f32_l2, sizeof(float))
DEFINE_BATCH(f32_l1, sizeof(float))
DEFINE_BATCH(f32_unequal, sizeof(float))
DEFINE_BATCH(u7_l2, 1)
DEFINE_BATCH(u7_l1, 1)
DEFINE_BATCH(u7_dot, 1)
DEFINE_BATCH(bits_hamming, 1)

// MARK: Encoding

static uint32_t encode(const float *vector, size_t dimensions, float scale, const vk_map *map,
                       uint8_t *codes, uint8_t *VK_NULLABLE residuals) {
    return vk_encode_span(vector, 0, dimensions, scale, map, codes, residuals);
}
static void decode(const uint8_t *codes, const uint8_t *VK_NULLABLE residuals, size_t dimensions,
                   const vk_map *map, float *vector) {
    vk_decode_span(codes, residuals, 0, dimensions, map, vector);
}

static uint64_t below(const uint32_t *keys, size_t count, uint32_t bar) {
    return vk_below_from(0, keys, count, bar);
}

VK_DEFINE_SEEK(, bits_hamming, bits_hamming_scan, below)

const vk_table vk_table_scalar = {
    .name = "scalar",
    .f32_dot = f32_dot,
    .f32_l2 = f32_l2,
    .f32_l1 = f32_l1,
    .f32_unequal = f32_unequal,
    .u7_l2 = u7_l2,
    .u7_l1 = u7_l1,
    .u7_dot = u7_dot,
    .bits_hamming = bits_hamming,
    .f32_dot_batch = VK_BATCH(f32_dot),
    .f32_l2_batch = VK_BATCH(f32_l2),
    .f32_l1_batch = VK_BATCH(f32_l1),
    .f32_unequal_batch = VK_BATCH(f32_unequal),
    .u7_l2_batch = VK_BATCH(u7_l2),
    .u7_l1_batch = VK_BATCH(u7_l1),
    .u7_dot_batch = VK_BATCH(u7_dot),
    .bits_hamming_batch = VK_BATCH(bits_hamming),
    .encode = encode,
    .decode = decode,
    .residual_dot = residual_dot,
    .residual_l2 = residual_l2,
    .residual_l1 = residual_l1,
    .below = below,
    .bits_hamming_seek = bits_hamming_seek,
};
