/* log_cause_linked - the table of a program or library that links the resolver: the resolver's. */
#include "base/log_cause.h"

struct log_causes *log_causes(void)
{
    return synauth_log_causes();
}
