/* early_data - may libcurl send the request as TLS early data, before the handshake is complete?
   Whoever records it can send it again. */
#ifndef SYNAUTH_EARLY_DATA_H
#define SYNAUTH_EARLY_DATA_H

#include "remember/transfer.h"

/* To be asked at each request of a transfer, and once. */
bool early_data_possible(struct transfer *transfer);

#endif
