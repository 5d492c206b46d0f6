// Threads for the tasks of the tests, more of them than there are cores.
//
// Swift runs its tasks on one thread a core, and many a test waits for a real program in the kernel: two of
// them hold all the threads of a small machine, and a server in this process answers nobody meanwhile. The
// runtime's own hooks (swift/Runtime/Concurrency.h) lead its jobs here instead, when the tests are loaded.
#include "TestThreads.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define SWIFT __attribute__((swiftcall))

struct job;
struct executor {
  void *identity;
  uintptr_t implementation;
};

typedef SWIFT void now_original(struct job *job);
typedef SWIFT void later_original(unsigned long long delay, struct job *job);
typedef SWIFT void deadline_original(
    long long seconds, long long nanoseconds, long long slack, long long slack_nanoseconds, int clock,
    struct job *job);

extern SWIFT void (*swift_task_enqueueGlobal_hook)(struct job *job, now_original *original);
extern SWIFT void (*swift_task_enqueueGlobalWithDelay_hook)(
    unsigned long long delay, struct job *job, later_original *original);
extern SWIFT void (*swift_task_enqueueGlobalWithDeadline_hook)(
    long long seconds, long long nanoseconds, long long slack, long long slack_nanoseconds, int clock,
    struct job *job, deadline_original *original);
extern SWIFT void swift_job_run(struct job *job, struct executor executor);
extern SWIFT void swift_get_time(long long *seconds, long long *nanoseconds, int clock);

enum { most_threads = 24, second = 1000000000 };

// A job, and when it is due by CLOCK_MONOTONIC, in nanoseconds; 0: now.
struct entry {
  struct job *job;
  int64_t due;
  struct entry *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER, alarm_is_new;
static struct entry *first, **last = &first, *waiting;
static int threads, idle, queued, has_clock;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * second + time.tv_nsec;
}

static void *serve(void *nothing) {
  pthread_mutex_lock(&lock);
  for (;;) {
    while (!first) {
      idle++;
      pthread_cond_wait(&work, &lock);
      idle--;
    }
    struct entry *entry = first;
    first = entry->next;
    if (!first) last = &first;
    queued--;
    pthread_mutex_unlock(&lock);
    swift_job_run(entry->job, (struct executor){0});
    free(entry);
    pthread_mutex_lock(&lock);
  }
  return nothing;
}

static void start(void *(*body)(void *)) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (pthread_create(&thread, &attributes, body, NULL) != 0) abort();
  pthread_attr_destroy(&attributes);
}

// With the lock held.
static void queue(struct entry *entry) {
  entry->next = NULL;
  *last = entry;
  last = &entry->next;
  queued++;
  // Who was woken is idle until it runs.
  if (queued > idle && threads < most_threads) {
    threads++;
    start(serve);
  }
  pthread_cond_signal(&work);
}

static void *watch(void *nothing) {
  pthread_mutex_lock(&lock);
  for (;;) {
    while (waiting && waiting->due <= now()) {
      struct entry *entry = waiting;
      waiting = entry->next;
      queue(entry);
    }
    if (!waiting) {
      pthread_cond_wait(&alarm_is_new, &lock);
      continue;
    }
    struct timespec due = {.tv_sec = waiting->due / second, .tv_nsec = waiting->due % second};
    pthread_cond_timedwait(&alarm_is_new, &lock, &due);
  }
  return nothing;
}

static struct entry *entry_of(struct job *job, int64_t due) {
  struct entry *entry = malloc(sizeof *entry);
  if (!entry) abort();
  *entry = (struct entry){.job = job, .due = due};
  return entry;
}

static void run_after(int64_t delay, struct job *job) {
  // No test sleeps for a century.
  const int64_t longest = (int64_t)second * 86400 * 36500;
  struct entry *entry = entry_of(job, now() + (delay < longest ? delay : longest));
  pthread_mutex_lock(&lock);
  if (!has_clock) {
    has_clock = 1;
    start(watch);
  }
  struct entry **place = &waiting;
  while (*place && (*place)->due <= entry->due) place = &(*place)->next;
  entry->next = *place;
  *place = entry;
  pthread_cond_signal(&alarm_is_new);
  pthread_mutex_unlock(&lock);
}

static SWIFT void run_now(struct job *job, now_original *original) {
  (void)original;
  struct entry *entry = entry_of(job, 0);
  pthread_mutex_lock(&lock);
  queue(entry);
  pthread_mutex_unlock(&lock);
}

static SWIFT void run_later(
    unsigned long long delay, struct job *job, later_original *original) {
  (void)original;
  run_after(delay > INT64_MAX ? INT64_MAX : (int64_t)delay, job);
}

static SWIFT void run_at(
    long long seconds, long long nanoseconds, long long slack, long long slack_nanoseconds, int clock,
    struct job *job, deadline_original *original) {
  (void)slack, (void)slack_nanoseconds, (void)original;
  long long now_seconds = 0, now_nanoseconds = 0;
  swift_get_time(&now_seconds, &now_nanoseconds, clock);
  double delay = (double)(seconds - now_seconds) * second + (double)(nanoseconds - now_nanoseconds);
  run_after(delay <= 0 ? 0 : (delay < 9e18 ? (int64_t)delay : INT64_MAX), job);
}

__attribute__((constructor)) static void take_over(void) {
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&alarm_is_new, &monotonic);
  pthread_condattr_destroy(&monotonic);
  swift_task_enqueueGlobal_hook = run_now;
  swift_task_enqueueGlobalWithDelay_hook = run_later;
  swift_task_enqueueGlobalWithDeadline_hook = run_at;
}
