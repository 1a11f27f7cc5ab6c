#define _GNU_SOURCE
#include "sync_fault.h"

#include <errno.h>
#include <stdatomic.h>

static atomic_int passing = -1;
static atomic_int failures = 0;

void sync_fault_arm(int count) { atomic_store(&passing, count); }

int sync_fault_count(void) { return atomic_load(&failures); }

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>

// The program's symbols come before those of shared libraries, liblmdb's references included.
int fdatasync(int descriptor) {
  int left = atomic_load(&passing);
  if (left == 0) {
    atomic_fetch_add(&failures, 1);
    errno = EIO;
    return -1;
  }
  if (left > 0) atomic_fetch_sub(&passing, 1);
  return (int)syscall(SYS_fdatasync, descriptor);
}
#endif
