// TLS as a telephone needs it: libre's own default verifies nothing and names no server.
#include "CLibre.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static int refusal_index = -1;

static void write_date(char *out, size_t size, const ASN1_TIME *when)
{
  struct tm parts;

  out[0] = '\0';
  if (when && ASN1_TIME_to_tm(when, &parts))
    strftime(out, size, "%Y-%m-%d", &parts);
}

// Every name that the certificate is for, or its common name: "pbx.example, 192.0.2.1".
static void write_names(char *out, size_t size, X509 *certificate)
{
  GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  size_t used = 0;

  out[0] = '\0';
  for (int i = 0; i < sk_GENERAL_NAME_num(names) && used + 2 < size; i++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
    char text[128] = "";
    if (name->type == GEN_DNS) {
      snprintf(
          text, sizeof text, "%.*s", ASN1_STRING_length(name->d.dNSName),
          (const char *)ASN1_STRING_get0_data(name->d.dNSName));
    } else if (name->type == GEN_IPADD) {
      const unsigned char *bytes = ASN1_STRING_get0_data(name->d.iPAddress);
      int is_v6 = ASN1_STRING_length(name->d.iPAddress) == 16;
      struct sa address;
      if (is_v6)
        sa_set_in6(&address, bytes, 0);
      else if (ASN1_STRING_length(name->d.iPAddress) == 4)
        sa_set_in(
            &address,
            (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3],
            0);
      else
        continue;
      sa_ntop(&address, text, sizeof text);
    }
    if (!text[0])
      continue;
    int wrote = snprintf(out + used, size - used, "%s%s", used ? ", " : "", text);
    used += wrote > 0 ? (size_t)wrote : 0;
  }
  GENERAL_NAMES_free(names);
  if (!out[0])
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, out, (int)size);
}

// Nothing is written down of those who connect to us: whom we connect to is the registrar.
static struct cc_tls_refusal *refusal_of(const SSL *ssl)
{
  return SSL_is_server(ssl) ? NULL : SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), refusal_index);
}

static int on_verify(int accepted, X509_STORE_CTX *store)
{
  if (accepted)
    return 1;
  SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  struct cc_tls_refusal *refusal = ssl ? refusal_of(ssl) : NULL;
  X509 *certificate = X509_STORE_CTX_get_current_cert(store);
  if (!refusal)
    return 0;
  refusal->verification = X509_STORE_CTX_get_error(store);
  refusal->names[0] = refusal->from[0] = refusal->until[0] = '\0';
  if (certificate) {
    write_names(refusal->names, sizeof refusal->names, certificate);
    write_date(refusal->from, sizeof refusal->from, X509_get0_notBefore(certificate));
    write_date(refusal->until, sizeof refusal->until, X509_get0_notAfter(certificate));
  }
  return 0;
}

static void on_state(const SSL *ssl, int where, int result)
{
  struct cc_tls_refusal *refusal = refusal_of(ssl);
  if (!refusal)
    return;
  if (where & SSL_CB_HANDSHAKE_START) {
    memset(refusal->alert, 0, sizeof refusal->alert);
    refusal->verification = 0;
    refusal->is_no_tls = refusal->is_old = false;
    if (refusal->server_name[0])
      SSL_set_tlsext_host_name((SSL *)ssl, refusal->server_name);
    return;
  }
  if (where & SSL_CB_ALERT) {
    int kind = result & 0xFF;
    if (result >> 8 == SSL3_AL_FATAL) {
      snprintf(refusal->alert, sizeof refusal->alert, "%s", SSL_alert_desc_string_long(result));
      refusal->is_old |= kind == SSL_AD_PROTOCOL_VERSION;
    }
  }
  if ((where & SSL_CB_EXIT) && result <= 0) {
    int reason = ERR_GET_REASON(ERR_peek_error());
    refusal->is_no_tls |= reason == SSL_R_WRONG_VERSION_NUMBER;
    refusal->is_old |= reason == SSL_R_UNSUPPORTED_PROTOCOL;
  }
}

int cc_tls_open(struct tls **tls, const char *ca_file, struct cc_tls_refusal *refusal)
{
  int error = tls_alloc(tls, TLS_METHOD_SSLV23, NULL, NULL);
  if (error)
    return error;
  SSL_CTX *context = tls_openssl_context(*tls);
  X509_VERIFY_PARAM *rules = SSL_CTX_get0_param(context);
  struct sa number;

  if (refusal_index < 0)
    refusal_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
  SSL_CTX_set_ex_data(context, refusal_index, refusal);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verify);
  SSL_CTX_set_info_callback(context, on_state);
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_SERVER);
  int is_set;
  if (sa_set_str(&number, refusal->host, 0) == 0) {
    // A number is never sent as a server name (RFC 6066 section 3).
    is_set = X509_VERIFY_PARAM_set1_ip_asc(rules, refusal->host);
  } else {
    is_set = X509_VERIFY_PARAM_set1_host(rules, refusal->host, 0);
    memcpy(refusal->server_name, refusal->host, sizeof refusal->server_name);
  }
  // With a file of its own only that authority counts: a company's PBX is not any web server's.
  if (is_set && ca_file)
    is_set = SSL_CTX_load_verify_file(context, ca_file);
  else if (is_set)
    is_set = SSL_CTX_set_default_verify_paths(context);
  ERR_clear_error();
  if (is_set)
    return 0;
  mem_deref(*tls);
  *tls = NULL;
  return ca_file ? EBADF : EINVAL;
}

const char *cc_tls_words(int verification)
{
  return X509_verify_cert_error_string(verification);
}
