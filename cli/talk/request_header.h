/* request_header - prints the header of a service, or says why there is none. */
#ifndef SYNAUTH_CLI_REQUEST_HEADER_H
#define SYNAUTH_CLI_REQUEST_HEADER_H

#include "synauth.h"

/* code and error are what the resolver's call returned; result is its answer when code is 0.
   Returns the exit status. */
int request_header_print(int code, const synauth_result *result, const synauth_error *error);

#endif
