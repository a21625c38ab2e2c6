constexpr unsigned long spin(unsigned long turns) {
  unsigned long sum = 0;
  for (unsigned long i = 0; i < turns; ++i)
    sum += i * sum + 1;
  return sum;
}
constexpr unsigned long never = spin(4000000000UL);
