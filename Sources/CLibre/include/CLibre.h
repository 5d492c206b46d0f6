// libre and librem for Swift: the right defines, and wrappers for what Swift cannot call.
#pragma once

// What Debian built libre with (/usr/share/re/re.mk). Without RELEASE the inline mbuf functions trap
// with int3; without HAVE_INET6, USE_OPENSSL and USE_TLS, structures and functions are missing.
#ifndef HAVE_INTTYPES_H
#define HAVE_INTTYPES_H 1
#endif
#ifndef HAVE_STDBOOL_H
#define HAVE_STDBOOL_H 1
#endif
#ifndef HAVE_INET6
#define HAVE_INET6 1
#endif
#ifndef USE_OPENSSL
#define USE_OPENSSL 1
#endif
#ifndef USE_TLS
#define USE_TLS 1
#endif
#ifndef RELEASE
#define RELEASE 1
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <re/re.h>
#include <rem/rem_au.h>
#include <rem/rem_aubuf.h>
#include <rem/rem_aufile.h>
#include <rem/rem_g711.h>

// The one place that knows which libre this is. tmr_start became a macro in libre 2; with it went
// fd_listen's, sipsess_connect's and the jitter buffer's shape.
#ifdef tmr_start
#error "ccterm-line-sip is built on libre 1.x (Debian: libre-dev 1.1.0); this libre is newer."
#endif

// Files and sockets in the loop. Wrapped because a newer libre keeps a handle here.
int cc_watch(int fd, int flags, fd_h *handler, void *arg);
void cc_unwatch(int fd);

// A request outside a dialog. Variadic in libre; the text goes through "%s", so that a percent sign in
// it is never a format. `route` is a plain URI: `sip:192.0.2.1:5060;transport=tcp`.
int cc_request(
    struct sip_request **request, struct sip *sip, const char *method, const char *uri,
    const char *route, sip_send_h *send, sip_resp_h *response, void *arg, const char *text);

// The same without a transaction: an ACK, which is sent once and answered by nobody.
int cc_request_once(
    struct sip *sip, const char *method, const char *uri, const char *route, const char *text);

// An INVITE. Variadic in libre; `headers` (each with its line end) goes through "%s". `kept` gets a
// reference to the buffer in which libre keeps them: what is written there goes out with the next INVITE of
// the same session.
// INFO has no handler on purpose, and REFER none by default: libre then answers 501 and does nothing.
// Challenges have none either: libre would answer them, with MD5 alone, and on behalf of a call that may
// be gone.
int cc_invite(
    struct sipsess **session, struct sipsess_sock *sock, const char *to, const char *from,
    const char *contact_user, const char *route, struct mbuf *offer, sipsess_offer_h *offered,
    sipsess_answer_h *answered, sipsess_progr_h *progress,
    sipsess_estab_h *established, sipsess_refer_h *referred, sipsess_close_h *closed, void *arg,
    const char *headers, struct mbuf **kept);

// Makes libre send the INVITE that this refuses again, in the same dialog with the next number, whatever was
// changed meanwhile of its headers and of its description: to libre the refusal is a challenge that asks for
// nothing. From a listener that stands first.
void cc_send_again(const struct sip_msg *refusal);

// Takes an INVITE into a session and answers it: with 180, or with a 200 and a description. Variadic in
// libre.
int cc_accept(
    struct sipsess **session, struct sipsess_sock *sock, const struct sip_msg *message, uint16_t code,
    const char *reason, const char *contact_user, struct mbuf *description, sipsess_offer_h *offered,
    sipsess_answer_h *answered, sipsess_estab_h *established,
    sipsess_refer_h *referred, sipsess_close_h *closed, void *arg);

// Answers or refuses the INVITE of a session that rings. Variadic in libre.
int cc_answer(struct sipsess *session, struct mbuf *description);
int cc_reject(struct sipsess *session, uint16_t code, const char *reason);

// A request in a dialog; `headers` and `body` go through "%s". An ACK carries the number of its INVITE and
// is not answered. Variadic in libre.
int cc_request_in_dialog(
    struct sip_request **request, struct sip *sip, const char *method, struct sip_dialog *dialog,
    uint32_t number, bool is_answered, sip_resp_h *response, void *arg, const char *headers,
    const char *body);

// Sends the dialog's requests to `route` (a plain URI that lives longer than the dialog) where its first
// hop is a name, or a scheme that libre does not send to: no names are looked up by libre here.
void cc_steer(const struct sip_dialog *dialog, const char *route);

// Adds a transport; `tls` is NULL for TCP and UDP. Variadic in libre (the TLS context is optional).
int cc_transport(
    struct sip *sip, enum sip_transp transport, const struct sa *local, struct tls *tls);

// Whom a TLS connection must be with, and why the last one was refused; lives as long as the context.
struct cc_tls_refusal {
  // In: the host as the settings name it.
  char host[256];
  // The same where it is a name.
  char server_name[256];
  // Out: an X509_V_ERR_ number or 0; what the certificate is for, and its dates (2026-11-24).
  int verification;
  char names[256];
  char from[16];
  char until[16];
  // The peer, or we, gave up with these words.
  char alert[64];
  // It speaks nothing of TLS 1.2 and later; it does not speak TLS.
  bool is_old;
  bool is_no_tls;
};

// A TLS context that verifies authority, name and dates, with TLS 1.2 and later. libre's own verifies
// nothing. `ca_file` NULL: the system's authorities. EBADF: `ca_file` cannot be read.
int cc_tls_open(struct tls **tls, const char *ca_file, struct cc_tls_refusal *refusal);

// OpenSSL's words for an X509_V_ERR_ number.
const char *cc_tls_words(int verification);

// Answers without a transaction, with extra headers. Variadic in libre.
int cc_reply(
    struct sip *sip, const struct sip_msg *message, uint16_t code, const char *reason,
    const char *headers);

// The same with a transaction, which repeats the answer. Variadic in libre.
int cc_treply(
    struct sip *sip, const struct sip_msg *message, uint16_t code, const char *reason,
    const char *headers);

// Answers a request in a dialog with a 200, with our Contact and a description, which may be NULL.
// Variadic in libre.
int cc_answer_request(
    struct sip *sip, const struct sip_msg *message, const char *contact_user,
    const char *content_type, struct mbuf *description);

// SHA-256 by OpenSSL, which libre links anyway; a function of ours so that no OpenSSL type is imported.
void cc_sha256(const uint8_t *bytes, size_t count, uint8_t digest[32]);

// As sip_listen, and asked before libre itself. `listener` is emptied when the stack ends first.
int cc_listen_first(
    struct sip_lsnr **listener, struct sip *sip, bool requests, sip_msg_h *handler, void *arg);

#include "wire.h"
