/* request_header - prints the header of a service, or says why there is none. */
#include "talk/request_header.h"

#include "talk/output.h"

/* The reason of the resolver is a sentence; the place is added when it does not name one. */
static int say_why_not(const synauth_result *result)
{
    int code = synauth_result_code(result);
    say("%s", synauth_result_reason(result));
    return code == SYNAUTH_OK ? EXIT_NO : synauth_exit_code(code);
}

int request_header_print(int code, const synauth_result *result, const synauth_error *error)
{
    if (code != SYNAUTH_OK) {
        say_error(error);
        return synauth_exit_code(code);
    }
    const char *header = synauth_result_header(result);
    if (!header)
        return say_why_not(result);
    return put_secret_line(header);
}
