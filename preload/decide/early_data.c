/* early_data - may libcurl send the request as TLS early data? */
#include "decide/early_data.h"

#define EARLY_DATA_SINCE 0x080b00 /* CURLSSLOPT_EARLYDATA: 8.11 */

/* Known only once: later requests of a transfer find the time of an earlier handshake. */
static bool handshake_is_complete(const struct transfer *transfer)
{
    curl_off_t when = 0;

    return transfer->requests == 0 &&
           transfer->curl->easy_getinfo(transfer->handle, CURLINFO_APPCONNECT_TIME_T, &when) ==
               CURLE_OK &&
           when > 0;
}

/* libcurl takes a connection for ready before the handshake when it has a session that allows early
   data, and then asks us before that data is there. A connection that was used before is past that,
   but in a multi handle another transfer may have begun it just now. */
bool early_data_possible(struct transfer *transfer)
{
    const struct binding *curl = transfer->curl;
    long connections = 0;
    bool fresh;

    if (!transfer->program.early_data || curl->version < EARLY_DATA_SINCE)
        return false;
    if (curl->easy_getinfo(transfer->handle, CURLINFO_NUM_CONNECTS, &connections) != CURLE_OK)
        return true;
    fresh = connections > transfer->connections;
    transfer->connections = connections;
    return fresh ? !handshake_is_complete(transfer) : !transfer->in_easy;
}
