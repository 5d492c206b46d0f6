#pragma once
/* libmosquitto, the reference MQTT client. Opened when a bus is configured and not before: linked, it
   would bring OpenSSL into the start and the memory of every desk. */
#include <mosquitto.h>
#include <mqtt_protocol.h>

/* Opens libmosquitto.so.1; 0, or -1 where it is not installed. Safe to call again. */
int cc_mosquitto_open(void);
