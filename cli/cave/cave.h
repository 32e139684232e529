/* cave - what the verbs of `synauth cave` share. */
#ifndef SYNAUTH_CLI_CAVE_H
#define SYNAUTH_CLI_CAVE_H

#include "base/secret.h"
#include "synauth.h"
#include "talk/command.h"

/* Every option of every verb; each verb reads those that it names. */
struct cave_arguments {
    const char *token_key, *token_file, *server_address, *local_server, *datastack;
    bool overwrite, no_switch_token, no_write_to_server_file, no_ignore_readonly, no_local_server;
    bool add_rule, no_text, open, no_open, no_make_new, no_check, table;
    bool only_server_file; /* no option: see synauth_cave_save_options */
    char *datastack_server; /* owned: the server of `datastack` */
};
void cave_arguments_cleanup(struct cave_arguments *arguments);
#define AUTO_CAVE_ARGUMENTS __attribute__((cleanup(cave_arguments_cleanup))) struct cave_arguments

/* Reads the options whose names (without dashes) are in `names`, separated by blanks, and looks up
   the server of --datastack. Returns as options_parse does. At most `most` operands. */
int cave_parse(const struct command *self, const char *names, int most,
               struct cave_arguments *arguments, int *argc, char **argv);
/* The client that the options describe. */
synauth_cave_options cave_client(const struct cave_arguments *arguments);

/* The verbs, in cave_*.c. */
int verb_get_new_token(const struct command *self, int argc, char **argv);
int verb_setup_token(const struct command *self, int argc, char **argv);
int verb_save_token(const struct command *self, int argc, char **argv);
int verb_login(const struct command *self, int argc, char **argv);
int verb_logout(const struct command *self, int argc, char **argv);
int verb_get_tokens(const struct command *self, int argc, char **argv);
int verb_get_user_information(const struct command *self, int argc, char **argv);
int verb_get_group_users(const struct command *self, int argc, char **argv);
int verb_whoami(const struct command *self, int argc, char **argv);
int verb_servers(const struct command *self, int argc, char **argv);

/* Asks for a token, saves it and says who gets it now. `checked`: the server is asked first. */
int cave_take_and_save(const struct cave_arguments *arguments, bool checked);
/* Says what became of each file. Returns how many of them now are as they should be. */
size_t cave_say_files(const synauth_cave_saved *saved);
/* The datastack's own server: --local-server, or what the info service says about --datastack, which
   is judged and said. *ret (free() it) stays NULL for none. Returns the exit status. */
int cave_find_local(synauth_context *context, const struct cave_arguments *arguments,
                    const struct secret *token, char **ret);
/* Does a request to the URL carry this token by the rules? */
bool cave_carries(synauth_context *context, const char *url, const struct secret *token);
/* Lists the hosts of the CAVE rules that get this token (NULL = it is gone), and what the others
   get. The context only looks: no slow source is asked. */
void cave_list_hosts(synauth_context *context, const struct secret *token);
/* Lists the hosts that get this token by the rules; for the server and the datastack's own server,
   when they do not, prints the rule that would, or appends it (--add-rule). local_server may be
   NULL. Returns the exit status. */
int cave_say_reach(const struct cave_arguments *arguments, const struct secret *token,
                   const char *local_server);
/* A list of JSON objects (or one) as a table on stdout. */
void cave_put_table(const char *json);

#endif
