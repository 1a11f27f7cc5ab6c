#pragma once
#include <stdint.h>

// Calls that the system's Swift module leaves out, because their headers are not part of it or
// need a feature macro.

#if defined(__clang__)
_Pragma("clang assume_nonnull begin")
#endif

/// Names the calling thread; Linux keeps 15 bytes. Failures are ignored.
void posix_shim_name_thread(const char *name);

/// The type number of the file system of `path` (statfs(2), Linux). 0, or -1 with errno set.
int posix_shim_file_system_type(const char *path, uint32_t *type);

/// Gives the first bytes of an open file their place on the disk, and makes the file that long if it is
/// shorter (fallocate(2)). 0, or -1 with errno set: ENOTSUP where the system or the file system cannot.
int posix_shim_reserve(int descriptor, uint64_t length);

#if defined(__clang__)
_Pragma("clang assume_nonnull end")
#endif
