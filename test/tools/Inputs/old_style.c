/* K&R definitions, GNU statement expressions, computed gotos, arrays of unknown size, and a nested function, which Clang refuses. */
#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int counter;

int add(a, b)
  int a, b;
{
  pthread_mutex_lock(&m);
  counter += a + b;
  pthread_mutex_unlock(&m);
  return counter;
}

int statement_expression(void) {
  return ({
    pthread_mutex_lock(&m);
    int seen = counter;
    pthread_mutex_unlock(&m);
    seen;
  });
}

void computed(int which) {
  void *targets[] = {&&first, &&second};
  pthread_mutex_lock(&m);
  goto *targets[which];
first:
  counter = 1;
second:
  counter = 2;
  pthread_mutex_unlock(&m);
}

int nested(int n) {
  int twice(int x) { return 2 * x; }
  return twice(n);
}

void after(void) {
  pthread_mutex_lock(&m);
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
}
