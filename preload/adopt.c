/* adopt - the state of a handle that libcurl has copied from another. */
#include "adopt.h"
#include "inject/inject.h"
#include "legacy.h"

/* libcurl has copied our callback and our node along: the copy gets the program's own again. */
static void give_back_options(const struct transfer *from, struct transfer *copy)
{
    const struct program_options *program = &copy->program;
    const struct binding *curl = copy->curl;

    if (from->request_hook) {
        curl->easy_setopt(copy->handle, CURLOPT_PREREQFUNCTION, program->prereq);
        curl->easy_setopt(copy->handle, CURLOPT_PREREQDATA, program->prereq_data);
    }
    copy->node_installed = from->node_installed;
    copy->unrestricted = from->unrestricted;
    copy->debug_hook = from->debug_hook;
    copy->socket_hook = from->socket_hook;
    copy->header_hook = from->header_hook;
    copy->progress_hook = from->progress_hook;
    inject_restore(copy);
    legacy_end(copy);
}

struct transfer *adopt_copy(const struct transfer *from, CURL *duplicate)
{
    struct transfer *copy = transfer_copy(from, duplicate);

    if (copy)
        give_back_options(from, copy);
    return copy;
}
