// The wrappers of CLibre.h; the reasons stand there.
#include "CLibre.h"

#include <openssl/sha.h>

int cc_watch(int fd, int flags, fd_h *handler, void *arg)
{
  return fd_listen(fd, flags, handler, arg);
}

void cc_unwatch(int fd)
{
  fd_close(fd);
}

// Reads a plain URI that is given as text.
static int read_uri(struct uri *uri, const char *text)
{
  struct pl whole;

  pl_set_str(&whole, text);
  return uri_decode(uri, &whole);
}

int cc_request(
    struct sip_request **request, struct sip *sip, const char *method, const char *uri,
    const char *route, sip_send_h *send, sip_resp_h *response, void *arg, const char *text)
{
  struct uri hop;
  int error = read_uri(&hop, route);
  if (error)
    return error;
  return sip_requestf(
      request, sip, true, method, uri, &hop, NULL, send, response, arg, "%s", text);
}

int cc_request_once(
    struct sip *sip, const char *method, const char *uri, const char *route, const char *text)
{
  struct uri hop;
  int error = read_uri(&hop, route);
  if (error)
    return error;
  return sip_requestf(NULL, sip, false, method, uri, &hop, NULL, NULL, NULL, NULL, "%s", text);
}

struct headers {
  const char *text;
  struct mbuf *kept;
};

// Called while libre writes the headers into the buffer that it keeps.
static int print_headers(struct re_printf *printer, void *arg)
{
  struct headers *headers = arg;

  headers->kept = printer->arg;
  return re_hprintf(printer, "%s", headers->text);
}

int cc_invite(
    struct sipsess **session, struct sipsess_sock *sock, const char *to, const char *from,
    const char *contact_user, const char *route, struct mbuf *offer, sipsess_offer_h *offered,
    sipsess_answer_h *answered, sipsess_progr_h *progress,
    sipsess_estab_h *established, sipsess_refer_h *referred, sipsess_close_h *closed, void *arg,
    const char *text, struct mbuf **kept)
{
  const char *routes[1] = { route };
  struct headers headers = { text, NULL };
  int error = sipsess_connect(
      session, sock, to, NULL, from, contact_user, routes, route ? 1 : 0, "application/sdp", offer,
      NULL, NULL, false, offered, answered, progress, established, NULL, referred, closed, arg, "%H",
      print_headers, &headers);

  *kept = error ? NULL : mem_ref(headers.kept);
  return error;
}

void cc_send_again(const struct sip_msg *refusal)
{
  // It is libre's own, and handed out as it is kept.
  struct sip_msg *message = (struct sip_msg *)refusal;
  struct le *element;

  message->scode = 401;
  for (element = message->hdrl.head; element; element = element->next) {
    struct sip_hdr *header = element->data;

    if (header->id == SIP_HDR_WWW_AUTHENTICATE || header->id == SIP_HDR_PROXY_AUTHENTICATE)
      header->id = SIP_HDR_NONE;
  }
}

int cc_accept(
    struct sipsess **session, struct sipsess_sock *sock, const struct sip_msg *message, uint16_t code,
    const char *reason, const char *contact_user, struct mbuf *description, sipsess_offer_h *offered,
    sipsess_answer_h *answered, sipsess_estab_h *established,
    sipsess_refer_h *referred, sipsess_close_h *closed, void *arg)
{
  return sipsess_accept(
      session, sock, message, code, reason, contact_user, "application/sdp", description, NULL,
      NULL, false, offered, answered, established, NULL, referred, closed, arg, NULL);
}

int cc_answer(struct sipsess *session, struct mbuf *description)
{
  return sipsess_answer(session, 200, "OK", description, NULL);
}

int cc_reject(struct sipsess *session, uint16_t code, const char *reason)
{
  return sipsess_reject(session, code, reason, NULL);
}

int cc_request_in_dialog(
    struct sip_request **request, struct sip *sip, const char *method, struct sip_dialog *dialog,
    uint32_t number, bool is_answered, sip_resp_h *response, void *arg, const char *headers,
    const char *body)
{
  return sip_drequestf(
      is_answered ? request : NULL, sip, is_answered, method, dialog, number, NULL, NULL, response,
      arg, "%sContent-Length: %zu\r\n\r\n%s", headers, strlen(body), body);
}

// In the library since 0.5 and in none of its headers; where a build hides it, nothing is steered.
__attribute__((weak)) const struct uri *sip_dialog_route(const struct sip_dialog *dialog);

void cc_steer(const struct sip_dialog *dialog, const char *route)
{
  // It is handed out where it is kept.
  struct uri *hop = sip_dialog_route ? (struct uri *)sip_dialog_route(dialog) : NULL;
  struct sa address;
  struct uri through;

  if (!hop)
    return;
  if (!pl_strcasecmp(&hop->scheme, "sip") && !sa_set(&address, &hop->host, 1))
    return;
  if (!read_uri(&through, route))
    *hop = through;
}

int cc_reply(
    struct sip *sip, const struct sip_msg *message, uint16_t code, const char *reason,
    const char *headers)
{
  return sip_replyf(
      sip, message, code, reason, "%sContent-Length: 0\r\n\r\n", headers ? headers : "");
}

int cc_treply(
    struct sip *sip, const struct sip_msg *message, uint16_t code, const char *reason,
    const char *headers)
{
  return sip_treplyf(
      NULL, NULL, sip, message, false, code, reason, "%sContent-Length: 0\r\n\r\n",
      headers ? headers : "");
}

int cc_answer_request(
    struct sip *sip, const struct sip_msg *message, const char *contact_user,
    const char *content_type, struct mbuf *description)
{
  struct sip_contact contact;
  size_t length = description ? mbuf_get_left(description) : 0;

  sip_contact_set(&contact, contact_user, &message->dst, message->tp);
  return sip_treplyf(
      NULL, NULL, sip, message, false, 200, "OK",
      "%H%s%s%sContent-Length: %zu\r\n\r\n%b", sip_contact_print, &contact,
      length ? "Content-Type: " : "", length ? content_type : "", length ? "\r\n" : "", length,
      length ? mbuf_buf(description) : NULL, length);
}

void cc_sha256(const uint8_t *bytes, size_t count, uint8_t digest[32])
{
  SHA256(bytes, count, digest);
}

int cc_listen_first(
    struct sip_lsnr **listener, struct sip *sip, bool requests, sip_msg_h *handler, void *arg)
{
  int error = sip_listen(listener, sip, requests, handler, arg);
  if (error)
    return error;
  // A listener begins with its place in the list (libre 0.4 to 3), which says so itself; where it does
  // not, it stays the last.
  struct le *place = (struct le *)*listener;
  struct list *all = place->list;
  if (place->data == *listener && all) {
    list_unlink(place);
    list_prepend(all, place, *listener);
  }
  return 0;
}
