// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All of Ward's runtime. Each part has a header of its own.
#pragma once

#include <ward/annotations.h>
#include <ward/arc.h>
#include <ward/barrier.h>
#include <ward/builder.h>
#include <ward/cell.h>
#include <ward/channel.h>
#include <ward/channel_errors.h>
#include <ward/claims.h>
#include <ward/condvar.h>
#include <ward/drop.h>
#include <ward/fetch_update.h>
#include <ward/join_handle.h>
#include <ward/lazy_lock.h>
#include <ward/lock_all.h>
#include <ward/lock_result.h>
#include <ward/mapped_mutex_guard.h>
#include <ward/markers.h>
#include <ward/mutex.h>
#include <ward/mutex_guard.h>
#include <ward/once.h>
#include <ward/once_cell.h>
#include <ward/once_lock.h>
#include <ward/panic.h>
#include <ward/poison_error.h>
#include <ward/println.h>
#include <ward/rc.h>
#include <ward/ref_cell.h>
#include <ward/result.h>
#include <ward/rw_lock.h>
#include <ward/rw_lock_read_guard.h>
#include <ward/rw_lock_write_guard.h>
#include <ward/scope.h>
#include <ward/send.h>
#include <ward/sleep.h>
#include <ward/spawn.h>
#include <ward/static.h>
#include <ward/std_traits.h>
#include <ward/thread.h>
#include <ward/thread_id.h>
