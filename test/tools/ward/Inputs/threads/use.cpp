#include "sampler.h"
#include <cstdio>

int read() { return 4; }

int main(int argc, char **argv) {
  Sampler sampler;
  sampler.name(argv[0]);
  std::size_t before = sampler.title().size();
  sampler.start();
  if (argc > 1)
    std::printf("%d %d\n", sampler.last(), sampler.lastRight());
  sampler.stop();
  std::size_t after = sampler.kept();
  Clock clock;
  Plain plain;
  plain.add(int(clock.ticks()));
  return int(before + after) + plain.sum();
}
