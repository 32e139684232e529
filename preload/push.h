/* push - handles that libcurl makes by itself for what a server pushes over HTTP/2: they are copies
   of the program's handle, so they begin with what we had put there. */
#ifndef SYNAUTH_PUSH_H
#define SYNAUTH_PUSH_H

#include "bind/binding.h"

/* The program sets CURLMOPT_PUSHFUNCTION or CURLMOPT_PUSHDATA. Both return libcurl's own result. */
CURLMcode push_set_function(const struct binding *curl, CURLM *multi, void *function);
CURLMcode push_set_data(const struct binding *curl, CURLM *multi, void *data);

struct push;
/* What is known of a multi handle that is about to be cleaned up, or NULL. From here on another
   thread may get a handle at that address. */
struct push *push_detach(CURLM *multi);
void push_attach(CURLM *multi, struct push *push); /* libcurl refused to */
void push_free(struct push *push);

#endif
