/* synapse_client - calls libsynauth_service as another program would:
       account TOKEN MILLISECONDS | login USER PASSWORD MILLISECONDS | reuse USER PASSWORD |
       save PROFILE TOKEN
   Prints the code and the answer or the reason. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synauth_service.h>

static int account(synauth_context *context, char **argv, synauth_error *error)
{
    synauth_synapse_account *found = NULL;
    const synauth_synapse_account_options options = {
        .size = sizeof options, .token = argv[0], .timeout_ms = atol(argv[1])};
    int code = synauth_synapse_account_get(context, &options, &found, error);
    if (code == SYNAUTH_OK)
        printf("0 %s\n", synauth_synapse_account_name(found));
    synauth_synapse_account_free(found);
    return code;
}

static int login(synauth_context *context, char **argv, int reuse, synauth_error *error)
{
    synauth_synapse_session *session = NULL;
    const synauth_synapse_login_options options = {.size = sizeof options,
                                                   .username = argv[0],
                                                   .password = argv[1],
                                                   .reuse = reuse,
                                                   .timeout_ms = reuse ? 0 : atol(argv[2])};
    int code = synauth_synapse_login(context, &options, &session, error);
    if (code == SYNAUTH_OK)
        printf("0 %s\n", synauth_synapse_session_token(session));
    synauth_synapse_session_free(session);
    return code;
}

static int save(synauth_context *context, char **argv, synauth_error *error)
{
    synauth_synapse_place place;
    const synauth_synapse_save_options options = {
        .size = sizeof options, .profile = argv[0], .token = argv[1]};
    return synauth_synapse_save_token(context, &options, &place, error);
}

int main(int argc, char **argv)
{
    synauth_error error = {0};
    synauth_context *context = argc > 3 ? synauth_open(NULL, &error) : NULL;
    int code = SYNAUTH_E_ARGUMENT;
    if (!context)
        return 1;
    if (strcmp(argv[1], "account") == 0)
        code = account(context, argv + 2, &error);
    else if (strcmp(argv[1], "login") == 0 && argc > 4)
        code = login(context, argv + 2, 0, &error);
    else if (strcmp(argv[1], "reuse") == 0)
        code = login(context, argv + 2, 1, &error);
    else if (strcmp(argv[1], "save") == 0)
        code = save(context, argv + 2, &error);
    if (code != SYNAUTH_OK)
        printf("%d %s\n", code, error.text);
    synauth_close(context);
    return 0;
}
