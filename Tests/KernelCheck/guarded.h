#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// Random numbers, and memory that ends at an unreadable page.

static inline uint64_t next_random(uint64_t *state) {
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
static inline size_t mapped(size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}
/// A buffer that ends at a page nobody may touch.
static inline void *guarded(size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), body = mapped(bytes);
    uint8_t *start =
        mmap(NULL, body + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (start == MAP_FAILED || mprotect(start + body, page, PROT_NONE) != 0) abort();
    return start + body - bytes;
}
static inline void release(void *buffer, size_t bytes) {
    munmap((uint8_t *)buffer + bytes - mapped(bytes),
           mapped(bytes) + (size_t)sysconf(_SC_PAGESIZE));
}
