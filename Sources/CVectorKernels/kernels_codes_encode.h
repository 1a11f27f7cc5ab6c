#pragma once
#include "kernels_codes.h"

// Rotating and rounding vectors, included by the file of every instruction set, which defines ISA first.
// Operations on single elements only, and sums in lanes of a fixed order: the same bits everywhere.
#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

enum { ENCODE_LANES = 16 };

/// Sums and differences of elements 1 and 2 apart within each four.
ISA VK_INLINE void hadamard4(float *v, size_t count) {
    for (size_t i = 0; i < count; i += 4) {
        const float a = v[i] + v[i + 1], b = v[i] - v[i + 1];
        const float c = v[i + 2] + v[i + 3], d = v[i + 2] - v[i + 3];
        v[i] = a + c;
        v[i + 1] = b + d;
        v[i + 2] = a - c;
        v[i + 3] = b - d;
    }
}
/// Two halves to their sums and differences.
ISA VK_INLINE void butterfly(float *low, float *high, size_t count) {
    for (size_t i = 0; i < count; i += 4)
        for (size_t lane = 0; lane < 4; lane++) {
            const float a = low[i + lane], b = high[i + lane];
            low[i + lane] = a + b;
            high[i + lane] = a - b;
        }
}
/// Rounds of random signs, a Walsh-Hadamard transform of the largest power of two at either end, and
/// sums and differences of the two halves. The signs carry the factors that keep lengths.
ISA static void rotate(const float *signs, size_t padded, float *vector) {
    size_t span = 64;
    while (span * 2 <= padded) span *= 2;
    for (size_t round = 0; round < VK_ROTATION_ROUNDS; round++, signs += padded) {
        for (size_t i = 0; i < padded; i++) vector[i] *= signs[i];
        float *part = vector + (round & 1 ? padded - span : 0);
        hadamard4(part, span);
        for (size_t half = 4; half < span; half *= 2)
            for (size_t i = 0; i < span; i += 2 * half)
                butterfly(part + i, part + i + half, half);
        if (span != padded) butterfly(vector, vector + padded / 2, padded / 2);
    }
}

ISA VK_INLINE float lane_total(const float *sums) {
    float total = 0;
    for (size_t lane = 0; lane < ENCODE_LANES; lane++) total += sums[lane];
    return total;
}
/// Codes with cells `1 / inverse` wide, and Σx·u and Σu².
ISA VK_INLINE void round_codes(const float *x, size_t count, float inverse, float top,
                               uint8_t *codes, float *sums) {
    float products[ENCODE_LANES] = {0}, squares[ENCODE_LANES] = {0};
    const float middle = (top + 1) * 0.5f, offset = top * 0.5f;
    for (size_t i = 0; i < count; i += ENCODE_LANES) {
        const size_t lanes = count - i < ENCODE_LANES ? count - i : ENCODE_LANES;
        for (size_t lane = 0; lane < lanes; lane++) {
            float place = x[i + lane] * inverse;
            place = place + middle;
            place = place > 0 ? place : 0;
            place = place < top ? place : top;
            const int32_t code = (int32_t)place;
            codes[i + lane] = (uint8_t)code;
            const float value = (float)code - offset;
            const float product = x[i + lane] * value, square = value * value;
            products[lane] += product;
            squares[lane] += square;
        }
    }
    sums[1] = lane_total(products);
    sums[2] = lane_total(squares);
}
/// Narrower cells than those that reach the largest number clip a few to place the others better: for
/// four bits the width of the smallest angle between codes and numbers is chosen.
ISA static void quantize(const float *x, size_t count, unsigned bits, uint8_t *codes, float *sums) {
    static const float widths[] = {1.0f, 0.9f, 0.8f, 0.7f, 0.6f};
    float squares[ENCODE_LANES] = {0}, highest[ENCODE_LANES] = {0};
    for (size_t i = 0; i < count; i += ENCODE_LANES) {
        const size_t lanes = count - i < ENCODE_LANES ? count - i : ENCODE_LANES;
        for (size_t lane = 0; lane < lanes; lane++) {
            const float square = x[i + lane] * x[i + lane], size = __builtin_fabsf(x[i + lane]);
            squares[lane] += square;
            highest[lane] = size > highest[lane] ? size : highest[lane];
        }
    }
    float largest = 0;
    for (size_t lane = 0; lane < ENCODE_LANES; lane++)
        largest = highest[lane] > largest ? highest[lane] : largest;
    sums[0] = lane_total(squares);
    const float top = (float)((1u << bits) - 1);
    const float reach = largest > 0 ? top / (2 * largest) : 0;
    const size_t tries = bits == 4 ? sizeof widths / sizeof widths[0] : 1;
    float best = -1, chosen = reach;
    for (size_t i = 0; i < tries && tries > 1; i++) {
        const float inverse = reach / widths[i];
        round_codes(x, count, inverse, top, codes, sums);
        const float quality = sums[2] > 0 ? sums[1] * sums[1] / sums[2] : 0;
        if (quality > best) {
            best = quality;
            chosen = inverse;
        }
    }
    round_codes(x, count, chosen, top, codes, sums);
}

/// The places of 16 bytes of codes and their finer halves: of the low halves, then of the high ones.
ISA VK_INLINE void places_of(const uint8_t *row, const uint8_t *finer, const uint8_t *starts,
                             uint8_t *places) {
    uint8_t low[16], high[16];
    for (size_t i = 0; i < 16; i++) low[i] = row[i] & 15;
    for (size_t i = 0; i < 16; i++) high[i] = row[i] >> 4;
    lookup16(starts, low);
    lookup16(starts, high);
    for (size_t i = 0; i < 16; i++) places[i] = (uint8_t)(low[i] + (finer[i] & 15));
    for (size_t i = 0; i < 16; i++) places[16 + i] = (uint8_t)(high[i] + (finer[i] >> 4));
}
/// The same of the last `count` bytes; what there is not has place 0. Of the high halves, the last may be missing.
ISA VK_INLINE void last_places_of(const uint8_t *row, const uint8_t *finer, size_t count,
                                  size_t high_count, const uint8_t *starts, uint8_t *places) {
    uint8_t codes[16] = {0}, rest[16] = {0};
    memcpy(codes, row, count);
    memcpy(rest, finer, count);
    places_of(codes, rest, starts, places);
    memset(places + count, 0, 16 - count);
    memset(places + 16 + high_count, 0, 16 - high_count);
}
ISA VK_INLINE void decode_places(const uint8_t *places, const vk_cells *cells, uint8_t *highest,
                                 float *decoded) {
    for (size_t i = 0; i < 32; i++) highest[i] = places[i] > highest[i] ? places[i] : highest[i];
    for (size_t i = 0; i < 32; i++) {
        const float offset = (float)places[i] * cells->step;
        decoded[i] = cells->lowest + offset;
    }
}
ISA static uint32_t unpack(const uint8_t *row, const uint8_t *finer, size_t components,
                           const vk_cells *cells, float *vector) {
    const size_t half = (components + 1) / 2;
    uint8_t highest[32] = {0}, places[32];
    float decoded[32];
    size_t i = 0;
    for (; i + 16 <= components / 2; i += 16) {
        places_of(row + i, finer + i, cells->starts, places);
        decode_places(places, cells, highest, decoded);
        memcpy(vector + i, decoded, 16 * sizeof(float));
        memcpy(vector + half + i, decoded + 16, 16 * sizeof(float));
    }
    if (i < half) {
        const size_t low = half - i, high = components - half - i;
        last_places_of(row + i, finer + i, low, high, cells->starts, places);
        decode_places(places, cells, highest, decoded);
        memcpy(vector + i, decoded, low * sizeof(float));
        memcpy(vector + half + i, decoded + 16, high * sizeof(float));
    }
    uint32_t most = 0;
    for (size_t k = 0; k < 32; k++) most = highest[k] > most ? highest[k] : most;
    return most;
}
ISA VK_INLINE void add_place_squares(const uint8_t *places, const float *low, const float *high,
                                     float *sums) {
    for (size_t i = 0; i < 16; i++) {
        const float difference = low[i] - (float)places[i];
        sums[i] += difference * difference;
    }
    for (size_t i = 0; i < 16; i++) {
        const float difference = high[i] - (float)places[16 + i];
        sums[16 + i] += difference * difference;
    }
}
ISA static float places_l2(const uint8_t *row, const uint8_t *finer, size_t components,
                           const vk_cells *cells, const float *query) {
    const size_t half = (components + 1) / 2;
    uint8_t places[32];
    float sums[32] = {0};
    size_t i = 0;
    for (; i + 16 <= components / 2; i += 16) {
        places_of(row + i, finer + i, cells->starts, places);
        add_place_squares(places, query + i, query + half + i, sums);
    }
    if (i < half) {
        const size_t low = half - i, high = components - half - i;
        float first[16] = {0}, second[16] = {0};
        memcpy(first, query + i, low * sizeof(float));
        memcpy(second, query + half + i, high * sizeof(float));
        last_places_of(row + i, finer + i, low, high, cells->starts, places);
        add_place_squares(places, first, second, sums);
    }
    float total = 0;
    for (size_t k = 0; k < 32; k++) total += sums[k];
    return total;
}

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
