// The calls that take the place of the C library's. The program's symbols come before those of shared
// libraries, also where these refer to them.
#define _GNU_SOURCE
#include "file_calls_state.h"

#if FILE_CALLS_WATCHED

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static struct file_calls_state *const state = &file_calls_state;

static int is_active(void) { return atomic_load_explicit(&state->is_active, memory_order_relaxed); }

/// The part of an absolute path below the watched directory; null if it lies elsewhere.
static const char *watched_path(const char *path) {
  size_t length = state->root_length;
  if (!is_active() || !path || strncmp(path, state->root, length) != 0) return NULL;
  if (path[length] == '/') return path + length + 1;
  return path[length] == 0 ? path + length : NULL;  // the directory itself
}

static struct watched_file *watched_file(int descriptor) {
  if (!is_active() || descriptor < 0 || descriptor >= FILE_CALLS_DESCRIPTORS) return NULL;
  struct watched_file *file = &state->handles[descriptor];
  return file->handle ? file : NULL;
}

/// What becomes of a call.
enum fate { PASSES, FAILS, FAILS_AFTERWARDS, IS_SHORT };

/// Counts a call on a path, or on the end of one; sets errno where it fails. With the lock held.
static enum fate fate_of(int kind, const char *path) {
  file_calls_pass(kind, path);
  const struct file_fault *fault = &state->fault;
  if (!state->is_failing || !(kind & fault->kinds)) return PASSES;
  long number = state->counted++;
  if (number < fault->passing || number - fault->passing >= fault->failing) return PASSES;
  if (fault->is_fatal) syscall(SYS_kill, getpid(), SIGKILL);
  state->failures++;
  errno = fault->error ? fault->error : EIO;
  if (fault->error == 0 && kind & FILE_CALL_WRITE) return IS_SHORT;
  return fault->is_carried_out ? FAILS_AFTERWARDS : FAILS;
}

/// Runs a call on a watched file or path: `CALL` is an expression, `NOTE` records it.
#define WATCHED(KIND, PATH, CALL, RESULT, NOTE_OK, NOTE_FAILED) \
  do {                                                    \
    pthread_mutex_lock(&state->lock);                     \
    enum fate fate = fate_of(KIND, PATH);                 \
    int fault_error = errno;                              \
    if (fate != FAILS) RESULT = (CALL);                   \
    int call_error = errno;                               \
    if (fate != FAILS && RESULT >= 0) {                   \
      NOTE_OK;                                            \
    }                                                     \
    if (fate == FAILS || fate == FAILS_AFTERWARDS) {      \
      NOTE_FAILED;                                        \
      RESULT = -1;                                        \
      call_error = fault_error;                           \
    }                                                     \
    pthread_mutex_unlock(&state->lock);                   \
    errno = call_error;                                   \
  } while (0)

// MARK: - Opening and closing

static void remember(int descriptor, const char *relative, int flags) {
  if (descriptor >= FILE_CALLS_DESCRIPTORS) return;
  struct watched_file *file = &state->handles[descriptor];
  file->handle = ++state->last_handle;
  file->is_synchronous = (flags & (O_DSYNC | O_SYNC)) != 0;
  size_t length = strlen(relative), most = sizeof file->ending - 1;
  strcpy(file->ending, relative + (length > most ? length - most : 0));
  struct file_call call = {.kind = FILE_CALL_OPEN, .flags = flags, .handle = file->handle};
  file_calls_note(call, NULL, relative, NULL);
}

static int open_at(int directory, const char *path, int flags, mode_t mode) {
  const char *relative = watched_path(path);
  if (!relative) return (int)syscall(SYS_openat, directory, path, flags, mode);
  int result = -1;
  WATCHED(
      FILE_CALL_OPEN | (flags & O_CREAT ? FILE_CALL_CREATE : 0), relative,
      (int)syscall(SYS_openat, directory, path, flags, mode), result,
      remember(result, relative, flags), {
        // A descriptor that the caller never gets.
        if (fate == FAILS_AFTERWARDS && result >= 0) {
          state->handles[result < FILE_CALLS_DESCRIPTORS ? result : 0].handle = 0;
          syscall(SYS_close, result);
        }
      });
  return result;
}

#define OPEN_MODE(FLAGS)                              \
  mode_t mode = 0;                                    \
  if ((FLAGS) & (O_CREAT | __O_TMPFILE)) {            \
    va_list arguments;                                \
    va_start(arguments, flags);                       \
    mode = (mode_t)va_arg(arguments, unsigned);       \
    va_end(arguments);                                \
  }

int open(const char *path, int flags, ...) {
  OPEN_MODE(flags)
  return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...) {
  OPEN_MODE(flags)
  return open_at(directory, path, flags, mode);
}

int close(int descriptor) {
  if (is_active() && descriptor >= 0 && descriptor < FILE_CALLS_DESCRIPTORS) {
    pthread_mutex_lock(&state->lock);
    state->handles[descriptor].handle = 0;
    pthread_mutex_unlock(&state->lock);
  }
  return (int)syscall(SYS_close, descriptor);
}

// MARK: - Writing

static int write_kind(const struct watched_file *file) {
  return FILE_CALL_WRITE | (file->is_synchronous ? FILE_CALL_SYNC : 0);
}

static void note_write(
    const struct watched_file *file, const void *bytes, size_t length, off_t offset, int failed) {
  struct file_call call = {
      .kind = write_kind(file), .handle = file->handle, .offset = (uint64_t)offset,
      .length = failed ? 0 : length, .is_failed = failed};
  file_calls_note(call, bytes, NULL, NULL);
}

/// A write at `offset`, or where the descriptor stands if that is negative.
static ssize_t write_at(int descriptor, const void *bytes, size_t length, off_t offset) {
  struct watched_file *file = watched_file(descriptor);
  if (!file) {
    return offset < 0 ? syscall(SYS_write, descriptor, bytes, length)
                      : syscall(SYS_pwrite64, descriptor, bytes, length, offset);
  }
  off_t start = offset < 0 ? (off_t)syscall(SYS_lseek, descriptor, 0, SEEK_CUR) : offset;
  ssize_t result = -1;
  WATCHED(
      write_kind(file), file->ending,
      (offset < 0
           ? syscall(SYS_write, descriptor, bytes, fate == IS_SHORT ? length / 2 : length)
           : syscall(
                 SYS_pwrite64, descriptor, bytes, fate == IS_SHORT ? length / 2 : length, offset)),
      result, note_write(file, bytes, (size_t)result, start, 0),
      note_write(file, NULL, 0, start, 1));
  return result;
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
  return write_at(descriptor, bytes, length, -1);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  return write_at(descriptor, bytes, length, offset);
}

/// Several pieces become one write each: a crash between them is a crash within the call. They end where one fails.
static ssize_t write_pieces(
    int descriptor, const struct iovec *pieces, int count, off_t offset) {
  ssize_t total = 0;
  for (int i = 0; i < count; i++) {
    ssize_t written = write_at(
        descriptor, pieces[i].iov_base, pieces[i].iov_len, offset < 0 ? -1 : offset + total);
    if (written < 0) return total > 0 ? total : written;
    total += written;
    if ((size_t)written < pieces[i].iov_len) break;
  }
  return total;
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
  if (!watched_file(descriptor)) return syscall(SYS_writev, descriptor, pieces, count);
  return write_pieces(descriptor, pieces, count, -1);
}

ssize_t pwritev(int descriptor, const struct iovec *pieces, int count, off_t offset) {
  if (!watched_file(descriptor)) {
    return syscall(SYS_pwritev, descriptor, pieces, count, offset, 0);
  }
  return write_pieces(descriptor, pieces, count, offset);
}

// MARK: - Lengths

static int resize(int descriptor, off_t length, int is_allocation, int mode, off_t offset) {
  struct watched_file *file = watched_file(descriptor);
  int result = -1;
  if (!file) {
    return (int)(is_allocation ? syscall(SYS_fallocate, descriptor, mode, offset, length)
                               : syscall(SYS_ftruncate, descriptor, length));
  }
  struct stat before;
  if (syscall(SYS_fstat, descriptor, &before) != 0) before.st_size = 0;
  off_t end = is_allocation ? offset + length : length;
  if (is_allocation && (end < before.st_size || mode != 0)) end = before.st_size;
  WATCHED(
      FILE_CALL_RESIZE, file->ending,
      (int)(is_allocation ? syscall(SYS_fallocate, descriptor, mode, offset, length)
                          : syscall(SYS_ftruncate, descriptor, length)),
      result,
      file_calls_note(
          ((struct file_call){
              .kind = FILE_CALL_RESIZE, .handle = file->handle, .length = (uint64_t)end}),
          NULL, NULL, NULL),
      {});
  return result;
}

int ftruncate(int descriptor, off_t length) { return resize(descriptor, length, 0, 0, 0); }

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
  return resize(descriptor, length, 1, mode, offset);
}

int posix_fallocate(int descriptor, off_t offset, off_t length) {
  return resize(descriptor, length, 1, 0, offset) == 0 ? 0 : errno;
}

// MARK: - Syncs

static int sync_file(long number, int descriptor) {
  if (file_calls_sync_fails()) {
    errno = EIO;
    return -1;
  }
  struct watched_file *file = watched_file(descriptor);
  if (!file) return (int)syscall(number, descriptor);
  int result = -1;
  struct file_call call = {.kind = FILE_CALL_SYNC, .handle = file->handle};
  // Where it fails, whether it was carried out is for the one who rebuilds the disk to say.
  WATCHED(
      FILE_CALL_SYNC, file->ending, (int)syscall(number, descriptor), result,
      if (fate == PASSES) file_calls_note(call, NULL, NULL, NULL),
      call.is_failed = 1; file_calls_note(call, NULL, NULL, NULL));
  return result;
}

int fsync(int descriptor) { return sync_file(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return sync_file(SYS_fdatasync, descriptor); }

int msync(void *address, size_t length, int flags) {
  // Nothing here writes through a mapping that must survive, so there is nothing to record.
  return (int)syscall(SYS_msync, address, length, flags);
}

// MARK: - Names

static int change_name(
    int kind, const char *path, const char *new_path, long number, long a, long b, long c, long d,
    long e) {
  const char *relative = watched_path(path);
  const char *new_relative = watched_path(new_path);
  int result = -1;
  if (!relative) return (int)syscall(number, a, b, c, d, e);
  WATCHED(
      kind, new_relative ? new_relative : relative, (int)syscall(number, a, b, c, d, e), result,
      file_calls_note((struct file_call){.kind = kind}, NULL, relative, new_relative), {});
  return result;
}

int rename(const char *path, const char *new_path) {
  return renameat(AT_FDCWD, path, AT_FDCWD, new_path);
}

int renameat(int directory, const char *path, int new_directory, const char *new_path) {
  return change_name(
      FILE_CALL_RENAME, path, new_path, SYS_renameat2, directory, (long)path, new_directory,
      (long)new_path, 0);
}

int link(const char *path, const char *new_path) {
  return change_name(
      FILE_CALL_LINK, path, new_path, SYS_linkat, AT_FDCWD, (long)path, AT_FDCWD, (long)new_path,
      0);
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int unlinkat(int directory, const char *path, int flags) {
  return change_name(
      FILE_CALL_REMOVE, path, NULL, SYS_unlinkat, directory, (long)path, flags, 0, 0);
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int mkdirat(int directory, const char *path, mode_t mode) {
  return change_name(
      FILE_CALL_MAKE_DIRECTORY, path, NULL, SYS_mkdirat, directory, (long)path, mode, 0, 0);
}

// MARK: - Reading, which leaves no trace but may fail

ssize_t pread(int descriptor, void *buffer, size_t length, off_t offset) {
  struct watched_file *file = watched_file(descriptor);
  if (!file) return syscall(SYS_pread64, descriptor, buffer, length, offset);
  ssize_t result = -1;
  WATCHED(
      FILE_CALL_READ, file->ending, syscall(SYS_pread64, descriptor, buffer, length, offset),
      result, {}, {});
  return result;
}

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
  struct watched_file *file = watched_file(descriptor);
  if (!file) {
    return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
  }
  // The address is no sign of failure in itself: MAP_FAILED is -1.
  long result = -1;
  WATCHED(
      FILE_CALL_MAP, file->ending,
      syscall(SYS_mmap, address, length, protection, flags, descriptor, offset), result, {},
      if (fate == FAILS_AFTERWARDS && result >= 0) syscall(SYS_munmap, result, length));
  return (void *)result;
}

// The names that programs compiled for large files use; off_t has 64 bits here anyway.
int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));
ssize_t pwrite64(int, const void *, size_t, off_t) __attribute__((alias("pwrite")));
ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));
ssize_t pwritev64(int, const struct iovec *, int, off_t) __attribute__((alias("pwritev")));
int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));
int fallocate64(int, int, off_t, off_t) __attribute__((alias("fallocate")));
int posix_fallocate64(int, off_t, off_t) __attribute__((alias("posix_fallocate")));
void *mmap64(void *, size_t, int, int, int, off_t) __attribute__((alias("mmap")));

#elif defined(__linux__)

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

// The one call that sanitizers leave to others.
int fdatasync(int descriptor) {
  if (!file_calls_sync_fails()) return (int)syscall(SYS_fdatasync, descriptor);
  errno = EIO;
  return -1;
}

#endif
