#ifndef SYNC_FAULT_H
#define SYNC_FAULT_H

// Linked into the crash harness, this takes the place of the C library's fdatasync there, so that
// liblmdb's syncs can be made to fail.

/// From now on, the next `passing` syncs succeed and all after them fail with EIO; a negative number
/// lets all of them succeed again.
void sync_fault_arm(int passing);

/// How many syncs were made to fail.
int sync_fault_count(void);

#endif
