#include "section.h"

Section::Section() { pthread_mutex_init(&raw_, nullptr); }
void Section::enter() { pthread_mutex_lock(&raw_); }
void Section::leave() { pthread_mutex_unlock(&raw_); }

Reentrant::Reentrant() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&raw_, &attributes);
}
void Reentrant::enter() { pthread_mutex_lock(&raw_); }
void Reentrant::leave() { pthread_mutex_unlock(&raw_); }

Entered::Entered(Section &section, const char *where) : section_(&section), where_(where) { section_->enter(); }
Entered::Entered(Reentrant &section, const char *where) : reentrant_(&section), where_(where) { reentrant_->enter(); }
Entered::~Entered() {
  if (section_)
    section_->leave();
  else
    reentrant_->leave();
}
void Entered::report(int) const {}
Left::Left(Section &section) : section_(section) { section_.leave(); }
Left::~Left() { section_.enter(); }
Watched::Watched(Section &section) : section_(section) {}
Watched::~Watched() {}

int take(Channel &channel) {
  std::unique_lock<std::mutex> lock(channel.mutex);
  channel.filled.wait(lock, [&] { return channel.closed || !channel.items.empty(); });
  if (channel.items.empty())
    return -1;
  int item = channel.items.front();
  channel.items.pop_front();
  return item;
}

Paused::Paused(std::mutex &mutex) : mutex_(mutex) { mutex_.unlock(); }
Paused::~Paused() { mutex_.lock(); }
Counter::Counter(std::mutex &mutex) : mutex_(mutex) {}
Counter::~Counter() {}
