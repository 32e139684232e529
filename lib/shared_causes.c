/* shared_causes - what was said already, for our own libraries and programs that link this one. */
#include "base/log_cause.h"
#include "synauth.h"

SYNAUTH_API struct log_causes *synauth_log_causes(void)
{
    return log_causes();
}
