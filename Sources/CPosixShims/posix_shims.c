#if defined(__linux__) && !defined(_GNU_SOURCE)
  #define _GNU_SOURCE
#endif
#include "posix_shims.h"

#include <errno.h>
#include <pthread.h>
#if defined(__linux__)
  #include <sys/vfs.h>
#endif

void posix_shim_name_thread(const char *name) {
#if defined(__APPLE__)
  pthread_setname_np(name);
#else
  pthread_setname_np(pthread_self(), name);
#endif
}

int posix_shim_file_system_type(const char *path, uint32_t *type) {
#if defined(__linux__)
  struct statfs info;
  int status;
  do status = statfs(path, &info);
  while (status != 0 && errno == EINTR);
  if (status == 0) *type = (uint32_t)info.f_type;
  return status;
#else
  (void)path;
  *type = 0;
  errno = ENOSYS;
  return -1;
#endif
}
