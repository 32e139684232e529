/* consumer - a program that links the installed resolver: prints the header for a URL. */
#include <stdio.h>
#include <synauth.h>

int main(int argc, char **argv)
{
    synauth_error error = {0};
    synauth_context *context = synauth_open(NULL, &error);
    synauth_result *result = NULL;
    int code = argc == 2 && context ? synauth_resolve(context, argv[1], &result, &error) : -1;

    if (code == SYNAUTH_OK && synauth_result_header(result))
        puts(synauth_result_header(result));
    else
        printf("nothing (%s %s)\n", synauth_version(), error.text);
    synauth_result_free(result);
    synauth_close(context);
    return code;
}
