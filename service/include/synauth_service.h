/*
 * synauth_service.h - the calls of Synapse and CAVE that need the network.
 *
 * They block, at the longest for the time-out of their options, and belong into
 * programs that talk to the services on purpose; the resolver (synauth.h) never
 * opens a connection. Tokens and passwords go to https addresses only (http to a
 * loopback address excepted), and only to hosts that a rule of the configuration
 * names. Proxies come from libcurl's environment variables, the CA file from
 * CURL_CA_BUNDLE or SSL_CERT_FILE.
 *
 * Ownership, threads and errors are those of synauth.h. Structures of options
 * begin with their own size: set it to sizeof, zero the rest.
 */
#ifndef SYNAUTH_SERVICE_H
#define SYNAUTH_SERVICE_H

#include <synauth.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif
#endif
