// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ward/ward.h>

extern "C" std::uint64_t plugin_id() { return ward::current().id().as_u64(); }
extern "C" void plugin_park() { ward::park_timeout(std::chrono::seconds(30)); }
