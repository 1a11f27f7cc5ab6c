#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

/// Compares every kernel of one level with plain definitions written in the check itself, for the
/// dimensions first...last and several unaligned starts, rows ending at an unreadable page. Returns the
/// number of differences and describes the first one in `text`.
size_t kernel_check(size_t level, size_t first, size_t last, uint64_t seed, char *text,
                    size_t text_size);

/// Compares one level's functions for product quantisation with plain definitions, for many shapes of
/// codebooks, all buffers ending at unreadable pages. Returns the number of differences and describes the
/// first one in `text`.
size_t kernel_check_pq(size_t level, uint64_t seed, char *text, size_t text_size);
/// The same for the kernels of codes and of float16; lengths of codes are in bytes.
size_t code_check(size_t level, size_t first, size_t last, uint64_t seed, char *text,
                  size_t text_size);
/// The same for nearest centres.
size_t center_check(size_t level, uint64_t seed, char *text, size_t text_size);
/// The same for many queries against many rows; a level that has no such kernels differs in nothing.
size_t tile_check(size_t level, uint64_t seed, char *text, size_t text_size);

/// The same for matrices with vectors.
size_t transform_check(size_t level, uint64_t seed, char *text, size_t text_size);

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
