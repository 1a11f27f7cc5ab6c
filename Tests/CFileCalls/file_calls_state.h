#ifndef FILE_CALLS_STATE_H
#define FILE_CALLS_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "file_calls.h"

// Sanitizers replace the same calls; then this target leaves them alone.
#if !defined(__linux__)
#define FILE_CALLS_WATCHED 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define FILE_CALLS_WATCHED 0
#else
#define FILE_CALLS_WATCHED 1
#endif
#else
#define FILE_CALLS_WATCHED 1
#endif

enum { FILE_CALLS_DESCRIPTORS = 4096 };

/// An open file below the watched directory.
struct watched_file {
  /// 0: this descriptor is none.
  uint32_t handle;
  /// Whether its writes return only when they are on the disk.
  int is_synchronous;
  /// The end of its path.
  char ending[32];
};

/// Moments that a process is to die at, and which of them have come.
struct watched_death {
  struct file_moment moments[8];
  int count, reached;
  long passing;
  int descriptor;
  /// What the calls were, in words.
  char story[1024];
};

struct file_calls_state {
  /// Guards everything below that is not atomic; held during watched calls, so that their order is the one recorded.
  pthread_mutex_t lock;
  atomic_int is_active;
  char root[1024];
  size_t root_length;
  struct watched_file handles[FILE_CALLS_DESCRIPTORS];
  uint32_t last_handle;
  int is_recording;
  struct file_call *calls;
  size_t count, capacity;
  int is_failing;
  struct file_fault fault;
  struct watched_death death;
  long counted, failures;
  atomic_int free_syncs;
};

extern struct file_calls_state file_calls_state;

/// Counts a sync; answers whether `file_calls_fail_syncs` wants it to fail.
int file_calls_sync_fails(void);

/// Looks whether a call is a moment to die at; with the lock held.
void file_calls_pass(int kind, const char *path);

/// Records a call with copies of what it points to; with the lock held.
void file_calls_note(
    struct file_call call, const void *bytes, const char *path, const char *new_path);

#endif
