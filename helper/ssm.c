/* ssm - `synauth-helper ssm NAME`: a parameter of AWS Systems Manager, by the `aws` command line,
   which brings the region, the account and the proxies along. */
#include "program_output.h"
#include "reply.h"
#include "verbs.h"

static int reply_parameter(const struct secret *output, int status)
{
    if (status != 0)
        return reply_absent("the aws command ended with status %d; try: aws ssm get-parameter "
                            "--name NAME",
                            status);
    return reply_value(secret_bytes(output), secret_length(output), 0);
}

int verb_ssm(char **arguments)
{
    char aws[] = "aws", ssm[] = "ssm", get[] = "get-parameter", decrypt[] = "--with-decryption",
         name[] = "--name", query[] = "--query", value[] = "Parameter.Value", format[] = "--output",
         text[] = "text";
    char *command[] = {aws,   ssm,   get,    decrypt, name, arguments[0],
                       query, value, format, text,    NULL};
    AUTO_SECRET output = NULL;
    int status = 0;
    switch (program_output(command, &output, &status)) {
    case PROGRAM_ENDED:
        return reply_parameter(output, status);
    case PROGRAM_KILLED:
        return reply_absent("the aws command was ended by signal %d", status);
    case PROGRAM_NOT_FOUND:
        return reply_absent("is set, but there is no aws command in PATH");
    case PROGRAM_FAILED:
    default:
        return reply_absent("the aws command could not be started");
    }
}
