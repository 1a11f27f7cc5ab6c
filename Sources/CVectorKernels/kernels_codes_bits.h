#pragma once
#include "kernels_codes.h"

// Bits against bit planes in words of 64, for instruction sets that count a word's bits at once and for
// plain C; the including file defines ISA first.
#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

ISA VK_INLINE uint32_t planes_sum(const uint8_t *q, const uint8_t *row, size_t count) {
    const size_t stride = vk_round64(count);
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i += 8) {
        const size_t bytes = count - i < 8 ? count - i : 8;
        uint64_t bits = 0;
        if (bytes == 8) memcpy(&bits, row + i, 8);
        else memcpy(&bits, row + i, bytes);
        VK_UNROLL for (size_t plane = 0; plane < VK_PLANES; plane++) {
            uint64_t other;
            memcpy(&other, q + plane * stride + i, 8);
            sum += (uint32_t)__builtin_popcountll(bits ^ other) << plane;
        }
    }
    return sum;
}
VK_CODES_ROW(ISA, planes, VK_BIT_FACTORS)
VK_CODES_ONE_BY_ONE(ISA, planes)
VK_DEFINE_BATCH(ISA, planes, 1, 0)

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
