#pragma once
/*
 * ncurses and its panels as Swift sees them: wide characters on, every call bound to the main actor,
 * and the macros that Swift cannot read given names as functions and constants.
 */

/* Without it no cchar_t, no wadd_wchnstr. pkg-config would set it, but SwiftPM drops -D flags. */
#define NCURSES_WIDECHAR 1

/* Every header that curses includes must come before the pragma, or it would be bound as well. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unctrl.h>
#include <wchar.h>

/* ncurses has one thread (curs_threads.3x): with this the compiler guards it. */
#pragma clang attribute push(__attribute__((swift_attr("@MainActor"))), apply_to = any(function, variable))
#include <ncurses.h>
#include <panel.h>
#include <term.h>

/* Swift 6 refuses mutable C globals by name, isolated or not. */
static inline WINDOW *cn_stdscr(void) { return stdscr; }
static inline WINDOW *cn_curscr(void) { return curscr; }
static inline WINDOW *cn_newscr(void) { return newscr; }
static inline int cn_colours(void) { return COLORS; }

/* setcchar(3x) takes the colour pair as an extended one by its last argument: more than 255 fit. */
static inline int cn_setcchar(cchar_t *cell, const wchar_t *text, attr_t attributes, int pair) {
  return setcchar(cell, text, attributes, 0, &pair);
}

/* tigetstr(3x) answers (char *)-1 for what is no string capability; here both kinds of none are NULL. */
static inline const char *cn_string(const char *name) {
  const char *value = tigetstr(name);
  return value == (const char *)-1 ? NULL : value;
}
#pragma clang attribute pop

/* Attributes are cast macros, which Swift does not import. */
static const attr_t CN_BOLD = A_BOLD, CN_DIM = A_DIM, CN_REVERSE = A_REVERSE,
                    CN_UNDERLINE = A_UNDERLINE;

/* Declarations that need _GNU_SOURCE or _XOPEN_SOURCE, which a module cannot set. */
extern int wcwidth(wchar_t character);
extern int memfd_create(const char *name, unsigned flags);
