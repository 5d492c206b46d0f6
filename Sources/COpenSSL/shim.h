#pragma once
/* OpenSSL's libcrypto: the MD5 of the vendor's signature, scrypt for secrets at rest, random bytes,
   comparison in constant time. The SIP line has it already; a second library of the same would be one more. */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
