#if defined(__linux__) && !defined(_GNU_SOURCE)
  #define _GNU_SOURCE
#endif
#include "posix_shims.h"

#include <errno.h>
#include <pthread.h>
#if defined(__linux__)
  #include <fcntl.h>
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

int posix_shim_reserve(int descriptor, uint64_t length) {
#if defined(__linux__)
  int status;
  do status = fallocate(descriptor, 0, 0, (off_t)length);
  while (status != 0 && errno == EINTR);
  if (status != 0 && (errno == EOPNOTSUPP || errno == ENOSYS)) errno = ENOTSUP;
  return status;
#else
  (void)descriptor;
  (void)length;
  errno = ENOTSUP;
  return -1;
#endif
}
