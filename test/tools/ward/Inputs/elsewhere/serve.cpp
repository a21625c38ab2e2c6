// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "server.h"

int main() {
  Server server;
  server.configure(3);
  server.addRoute("/");
  server.start();
  int early = server.total();
  server.stop();
  return early + server.report();
}
