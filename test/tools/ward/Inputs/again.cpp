
int again(Counter &counter) {
  std::unique_lock<std::mutex>(counter.mutex);
  return counter.value + 1;
}
