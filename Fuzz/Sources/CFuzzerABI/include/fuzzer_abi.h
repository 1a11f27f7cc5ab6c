#pragma once
#include <stddef.h>
#include <stdint.h>

/// Runs libFuzzer with a callback (FuzzerInterface.h of LLVM); linked by -sanitize=fuzzer.
int LLVMFuzzerRunDriver(
    int *_Nonnull argc, char *_Nullable *_Nonnull *_Nonnull argv,
    int (*_Nonnull callback)(const uint8_t *_Nonnull data, size_t size));
