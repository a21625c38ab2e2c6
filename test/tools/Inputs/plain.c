#include <pthread.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
int counter;
void count(void) {
  pthread_mutex_lock(&mutex);
  if (counter < 3)
    ++counter;
  pthread_mutex_unlock(&mutex);
}
