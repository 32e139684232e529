/* signature - requests signed with user name and API key, as Synapse's older clients do
   (synapsePythonClient 2.7, core/credentials/cred_data.py): three headers, fresh for every request.
 */
#ifndef SYNAUTH_SYNAPSE_SIGNATURE_H
#define SYNAUTH_SYNAPSE_SIGNATURE_H

#include "source/answer.h"
#include <time.h>

#define SIGNATURE_USER_MAX 250
#define SIGNATURE_TIME_SIZE 80 /* whatever six numbers may be */
#define SIGNATURE_SIZE 32 /* base64 of 20 bytes, terminated */

/* User name and API key (base64) found at `place`: judged, decoded, taken. Ends the chain. */
bool signature_ask(struct answer *answer, const struct place *place, const struct secret *user,
                   const struct secret *key);
/* base64(HMAC-SHA1(key, user + path + timestamp)). The path is the one on the wire: encoded, with
   ;parameters, without a query. False: nettle is not available. Thread-safe. */
bool signature_make(const struct secret *key, const char *user, const char *path,
                    size_t path_length, const char *timestamp, char ret[SIGNATURE_SIZE]);
/* "2026-01-02T03:04:05.000Z". */
void signature_time(time_t now, char ret[SIGNATURE_TIME_SIZE]);
/* Path of a URL as it goes over the wire, if the URL's text leaves no doubt about it: no dot
   segments, nothing that a client would encode. NULL otherwise. */
const char *signature_path(const char *url, size_t *ret_length);

#endif
