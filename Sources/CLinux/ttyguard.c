// Gives the terminal back when the program crashes. Everything that runs after a signal is
// async-signal-safe: write, tcsetattr, poll, dup2, lseek, read, sigaction, raise, and nothing else.
#define _GNU_SOURCE
#include "ttyguard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Swift traps with ILL on x86-64 and with TRAP on arm64.
static const int crashes[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
enum { crash_count = sizeof crashes / sizeof *crashes };
// What ends a program by default and is no crash; the real-time signals too. Who ignored one goes on so.
static const int others[] = {SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU,
                             SIGIO,   SIGSYS,  SIGPWR,  SIGSTKFLT};
enum { other_count = sizeof others / sizeof *others };

static atomic_int armed;
static int terminal = -1;
static struct termios terminal_modes;
static unsigned char restore[512];
static size_t restore_count;

static int held = -1;          // the memory file that stands for stderr
static int true_stderr = -1;   // where stderr really goes
static struct sigaction before[crash_count];
static int chains;             // whether the action we found is to run after ours

// A stack overflow leaves no stack for the handler.
static _Alignas(16) unsigned char stack[65536];

static void write_all(int fd, const unsigned char *bytes, size_t count) {
  int patience = 10;
  while (count > 0) {
    // A terminal that takes nothing would hold us for ever where its descriptor waits.
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    if (poll(&ready, 1, 50) <= 0) {
      if (patience-- > 0) continue;
      return;
    }
    ssize_t taken = write(fd, bytes, count);
    if (taken > 0) {
      bytes += taken;
      count -= (size_t)taken;
    } else if (taken < 0 && errno == EINTR) {
      continue;
    } else if (taken < 0 && errno == EAGAIN && patience-- > 0) {
      continue;
    } else {
      return;
    }
  }
}

void cc_guard_give_back(void) {
  // Two threads may crash at once: one of them does it.
  if (!atomic_exchange(&armed, 0)) return;
  // The modes first: they need no room in the terminal.
  tcsetattr(terminal, TCSANOW, &terminal_modes);
  write_all(terminal, restore, restore_count);
}

void cc_guard_release_stderr(void) {
  if (true_stderr < 0) return;
  dup2(true_stderr, STDERR_FILENO);
  unsigned char bytes[4096];
  ssize_t count;
  lseek(held, 0, SEEK_SET);
  while ((count = read(held, bytes, sizeof bytes)) > 0)
    write_all(STDERR_FILENO, bytes, (size_t)count);
  close(held);
  close(true_stderr);
  held = true_stderr = -1;
}

static void on_crash(int number) {
  cc_guard_give_back();
  cc_guard_release_stderr();
  int is_crash = 0;
  for (int i = 0; i < crash_count; i++) {
    if (crashes[i] != number) continue;
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigaction(number, chains ? &before[i] : &usual, NULL);
    is_crash = 1;
  }
  struct sigaction usual = {.sa_handler = SIG_DFL};
  if (!is_crash) sigaction(number, &usual, NULL);
  raise(number);  // blocked here: it arrives when this returns
}

static void on_exit_of_program(void) {
  cc_guard_give_back();
  cc_guard_release_stderr();
}

// Has a signal fire the guard, unless somebody has said already what it does.
static void mind(int number, const struct sigaction *action) {
  struct sigaction now;
  if (sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
    sigaction(number, action, NULL);
}

static int install(void) {
  static int is_installed;
  if (is_installed) return 0;
  // Swift's own handler would ask for a key on the terminal and wait for it: only on request.
  chains = getenv("SWIFT_BACKTRACE") != NULL;
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  if (sigaltstack(&alternate, NULL) != 0) return errno;
  struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};
  // All of them, TTOU before others: with it blocked tcsetattr works from the background too.
  sigfillset(&action.sa_mask);
  for (int i = 0; i < crash_count; i++)
    if (sigaction(crashes[i], &action, &before[i]) != 0) return errno;
  for (int i = 0; i < other_count; i++) mind(others[i], &action);
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++) mind(number, &action);
  if (atexit(on_exit_of_program) != 0) return ENOMEM;
  is_installed = 1;
  return 0;
}

int cc_guard_arm(int tty, const struct termios *modes, const void *bytes, size_t count) {
  if (count > sizeof restore) return E2BIG;
  int error = install();
  if (error != 0) return error;
  atomic_store(&armed, 0);
  terminal = tty;
  terminal_modes = *modes;
  memcpy(restore, bytes, count);
  restore_count = count;
  atomic_store(&armed, 1);
  return 0;
}

int cc_guard_mind_ends(void) {
  int error = install();
  if (error != 0) return error;
  struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};
  sigfillset(&action.sa_mask);
  const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  // Swift's own handler of QUIT would wait for a key on this terminal: only what is ignored stays.
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    struct sigaction now;
    if (sigaction(ends[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
      sigaction(ends[i], &action, NULL);
  }
  return 0;
}

void cc_guard_disarm(void) { atomic_store(&armed, 0); }

void cc_guard_hold_stderr(void) {
  if (true_stderr >= 0 || !isatty(STDERR_FILENO)) return;
  int memory = memfd_create("stderr", MFD_CLOEXEC);
  if (memory < 0) return;
  int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (saved < 0 || dup2(memory, STDERR_FILENO) < 0) {
    close(memory);
    if (saved >= 0) close(saved);
    return;
  }
  held = memory;
  true_stderr = saved;
}
