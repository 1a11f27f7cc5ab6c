#ifndef FILE_CALLS_H
#define FILE_CALLS_H

// Linked into a program, this takes the place of the C library's calls that change files, for the program
// itself and for the shared libraries it uses, liblmdb among them. Calls on files below one chosen directory
// can be written down in their order, and made to fail. Everything else goes straight to the system.
//
// Linux only; elsewhere nothing is recorded and nothing fails.

#include <stddef.h>
#include <stdint.h>

/// What a call does. Several may hold: a write through a descriptor opened with O_DSYNC is a write and a sync.
enum {
  FILE_CALL_OPEN = 1,
  FILE_CALL_WRITE = 2,
  FILE_CALL_SYNC = 4,
  FILE_CALL_RESIZE = 8,
  FILE_CALL_RENAME = 16,
  FILE_CALL_REMOVE = 32,
  FILE_CALL_MAKE_DIRECTORY = 64,
  FILE_CALL_LINK = 128,
  FILE_CALL_READ = 256,
  FILE_CALL_MAP = 512,
  /// An opening that may make a file.
  FILE_CALL_CREATE = 2048,
  FILE_CALL_ALL = 1023,
  /// Not a call: something that the program notes between them.
  FILE_CALL_MARK = 1024
};

/// A call that was made, in the order of the calls.
struct file_call {
  int kind;
  /// What open(2) was told; 0 for other calls.
  int flags;
  /// Whether it was made to fail. What a failed write did change is recorded as a write that did not fail.
  int is_failed;
  /// Which opening of a file it works on, from 1 on; 0 for calls that take paths.
  uint32_t handle;
  /// Where a write starts; the number of a mark.
  uint64_t offset;
  /// How many bytes were written; the length that a file gets.
  uint64_t length;
  /// The bytes written, valid until recording starts anew.
  const uint8_t *bytes;
  /// Relative to the directory; null for calls that take none.
  const char *path;
  const char *new_path;
};

/// Whether this system's calls can be watched.
int file_calls_are_watched(void);

/// Watches the files below a directory (an absolute path, at most 1,023 bytes) from now on; null watches none.
/// Files that are open already are not seen.
void file_calls_watch(const char *directory);

/// Forgets what was recorded, and begins (1) or stops (0) to record.
void file_calls_record(int is_recording);

/// Stops to record, and keeps what is there.
void file_calls_pause(void);

size_t file_calls_count(void);

/// The call of that number, from 0; null if there is none.
const struct file_call *file_calls_get(size_t number);

/// Notes a number between the calls.
void file_calls_mark(uint64_t number);

/// How a call fails.
struct file_fault {
  /// Which calls count.
  int kinds;
  /// How many of them pass before the first that fails.
  long passing;
  /// How many fail; the ones after them pass again.
  long failing;
  /// What errno says. 0: a write writes only its first half and says so; other calls fail with EIO.
  int error;
  /// Whether the call is carried out nevertheless before it says that it failed.
  int is_carried_out;
  /// Whether the process is killed instead, before the call.
  int is_fatal;
};

/// Makes calls on watched files fail from now on; null ends that.
void file_calls_fail(const struct file_fault *fault);

/// As `file_calls_fail`, for all files: every sync after the next `passing` fails with EIO. A negative number
/// ends that.
void file_calls_fail_syncs(int passing);

/// A moment in the order of calls: before one of these kinds on a file whose path ends so.
struct file_moment {
  int kinds;
  /// Null: any path. A rename has its new path. At most 31 bytes.
  const char *ending;
};

/// Has the process killed at a moment that follows others: before a call that is the last of `count` moments (at most 8),
/// each of which came after the one before it, when they have come in this order `passing` times before. Where the first
/// comes again they begin anew. Before that it writes a line to `descriptor` with what the calls were: `rename segments/7.seg, write data.mdb`.
void file_calls_die(const struct file_moment *moments, int count, long passing, int descriptor);

/// How many calls were made to fail since the last `file_calls_fail` that was not null.
long file_calls_failures(void);

/// How many calls counted since then.
long file_calls_counted(void);

#endif
