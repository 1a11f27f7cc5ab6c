#pragma once
#include <lmdb.h>

/// Asks the CPU to fetch the cache line at `address`; never faults. Here because Swift has no
/// prefetch and inlines this one.
static inline void seamstone_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }
