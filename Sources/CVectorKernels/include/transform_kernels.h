#pragma once
#include "vector_kernels.h"

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

/// Multiplies a matrix with vectors: `outputs` rows of `inputs` floats with each of `count` vectors, `inputs` floats
/// long and one after the other; writes `outputs` floats for each. Nothing need be aligned. Products are added up in the same
/// order, unfused, on every level: all give the same bits. Levels are numbered as vk_level's are.
void vk_project(size_t level, const float *matrix, size_t inputs, size_t outputs,
                const float *vectors, size_t count, float *projected);

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
