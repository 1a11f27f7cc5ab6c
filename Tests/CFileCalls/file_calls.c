#define _GNU_SOURCE
#include "file_calls.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_calls_state.h"

struct file_calls_state file_calls_state = {.lock = PTHREAD_MUTEX_INITIALIZER, .free_syncs = -1};

static struct file_calls_state *const state = &file_calls_state;

static void lock(void) { pthread_mutex_lock(&state->lock); }
static void unlock(void) { pthread_mutex_unlock(&state->lock); }

int file_calls_are_watched(void) {
  return FILE_CALLS_WATCHED;
}

void file_calls_watch(const char *directory) {
  lock();
  state->root_length = 0;
  if (directory && directory[0] == '/' && strlen(directory) < sizeof state->root) {
    strcpy(state->root, directory);
    state->root_length = strlen(directory);
  }
  memset(state->handles, 0, sizeof state->handles);
  atomic_store(&state->is_active, state->root_length > 0);
  unlock();
}

void file_calls_record(int is_recording) {
  lock();
  for (size_t i = 0; i < state->count; i++) {
    free((void *)state->calls[i].bytes);
    free((void *)state->calls[i].path);
    free((void *)state->calls[i].new_path);
  }
  state->count = 0;
  state->is_recording = is_recording;
  unlock();
}

void file_calls_pause(void) {
  lock();
  state->is_recording = 0;
  unlock();
}

size_t file_calls_count(void) { return state->count; }

const struct file_call *file_calls_get(size_t number) {
  return number < state->count ? &state->calls[number] : NULL;
}

void file_calls_mark(uint64_t number) {
  lock();
  file_calls_note((struct file_call){.kind = FILE_CALL_MARK, .offset = number}, NULL, NULL, NULL);
  unlock();
}

void file_calls_fail(const struct file_fault *fault) {
  lock();
  state->is_failing = fault != NULL;
  if (fault) {
    state->fault = *fault;
    state->counted = 0;
    state->failures = 0;
  }
  unlock();
}

void file_calls_die(const struct file_moment *moments, int count, long passing, int descriptor) {
  lock();
  struct watched_death *death = &state->death;
  memset(death, 0, sizeof *death);
  for (int i = 0; i < count && i < 8; i++) death->moments[death->count++] = moments[i];
  death->passing = passing;
  death->descriptor = descriptor;
  unlock();
}

static const char *kind_name(int kind) {
  if (kind & FILE_CALL_WRITE) return kind & FILE_CALL_SYNC ? "write synchronously" : "write";
  if (kind & FILE_CALL_SYNC) return "sync";
  if (kind & FILE_CALL_RENAME) return "rename";
  if (kind & FILE_CALL_REMOVE) return "remove";
  if (kind & FILE_CALL_OPEN) return "open";
  return "call";
}

static int ends_in(const char *path, const char *ending) {
  if (!ending) return 1;
  size_t length = strlen(path), part = strlen(ending);
  return length >= part && strcmp(path + length - part, ending) == 0;
}

static int is_moment(const struct file_moment *moment, int kind, const char *path) {
  return kind & moment->kinds && ends_in(path, moment->ending);
}

void file_calls_pass(int kind, const char *path) {
  struct watched_death *death = &state->death;
  if (death->count == 0) return;
  if (!is_moment(&death->moments[death->reached], kind, path)) {
    // It begins anew: what came before belongs to something that is over.
    if (!is_moment(&death->moments[0], kind, path)) return;
    death->reached = 0;
    death->story[0] = 0;
  }
  size_t used = strlen(death->story);
  snprintf(
      death->story + used, sizeof death->story - used, "%s%s %s", used ? ", " : "",
      kind_name(kind), path);
  if (++death->reached < death->count) return;
  if (death->passing-- > 0) {
    death->reached = 0;
    death->story[0] = 0;
    return;
  }
  dprintf(death->descriptor, "%s\n", death->story);
  kill(getpid(), SIGKILL);
  for (;;) pause();  // others must not go on with what this thread holds
}

void file_calls_fail_syncs(int passing) {
  if (passing >= 0) state->failures = 0;
  atomic_store(&state->free_syncs, passing);
}

int file_calls_sync_fails(void) {
  int left = atomic_load(&state->free_syncs);
  if (left > 0) atomic_fetch_sub(&state->free_syncs, 1);
  if (left == 0) state->failures++;
  return left == 0;
}

long file_calls_failures(void) { return state->failures; }
long file_calls_counted(void) { return state->counted; }

static char *copy_text(const char *text) { return text ? strdup(text) : NULL; }

void file_calls_note(
    struct file_call call, const void *bytes, const char *path, const char *new_path) {
  if (!state->is_recording) return;
  if (state->count == state->capacity) {
    size_t capacity = state->capacity ? state->capacity * 2 : 1024;
    struct file_call *calls = realloc(state->calls, capacity * sizeof *calls);
    if (!calls) abort();  // a trace with holes would prove nothing
    state->calls = calls;
    state->capacity = capacity;
  }
  if (bytes && call.length > 0) {
    uint8_t *copy = malloc(call.length);
    if (!copy) abort();
    memcpy(copy, bytes, call.length);
    call.bytes = copy;
  }
  call.path = copy_text(path);
  call.new_path = copy_text(new_path);
  state->calls[state->count++] = call;
}
