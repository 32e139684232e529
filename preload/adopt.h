/* adopt - the state of a handle that libcurl has copied from another: by curl_easy_duphandle, or by
   itself for what a server pushes. */
#ifndef SYNAUTH_ADOPT_H
#define SYNAUTH_ADOPT_H

#include "remember/transfer.h"

/* State for a handle that libcurl has copied from another: the copy gets the program's own options
   back. NULL when memory runs out. Leaves errno to the caller. */
struct transfer *adopt_copy(const struct transfer *from, CURL *duplicate);

#endif
