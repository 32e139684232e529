/*
 * synauth.h - which Synapse or CAVE token belongs on a request, and from where.
 *
 * The resolver reads rules from configuration files and tokens from the
 * environment, `.synapseConfig` and JSON secrets files. It never opens a
 * network connection and never prints.
 *
 * Ownership: every synauth_* object is freed by its own function, which takes
 * NULL; strings returned by synauth_result_* belong to the result. Memory that
 * held a token is wiped when it is freed.
 * Threads: one context may be used by any number of threads at once; a result
 * belongs to the thread that asked for it until it is handed over.
 * Errors: functions that can fail return 0 (SYNAUTH_OK) or another enum
 * synauth_code and fill *error when it is not NULL; outputs named ret_* are
 * untouched on failure.
 */
#ifndef SYNAUTH_H
#define SYNAUTH_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SYNAUTH_API __attribute__((visibility("default")))
#define SYNAUTH_MUST_USE __attribute__((warn_unused_result))
#else
#define SYNAUTH_API
#define SYNAUTH_MUST_USE
#endif

/* What went wrong. The numbers are stable; synauth_code_name() gives the name. */
enum synauth_code {
    SYNAUTH_OK = 0,
    SYNAUTH_E_ARGUMENT = 1,   /* the caller's arguments make no sense (a URL that is none) */
    SYNAUTH_E_CONFIG = 2,     /* the configuration is invalid, refused or unreadable */
    SYNAUTH_E_NO_TOKEN = 3,   /* no source has a token */
    SYNAUTH_E_UNUSABLE = 4,   /* a source has something that cannot be used as a token */
    SYNAUTH_E_NETWORK = 5,    /* a server could not be reached or refused */
    SYNAUTH_E_IO = 6,         /* a file could not be read or written */
    SYNAUTH_E_MEMORY = 7,
    SYNAUTH_E_CAPTURED = 8,   /* the host program's own functions shadow a library we need */
    SYNAUTH_E_UNSUPPORTED = 9,/* known, but not available in this version */
    SYNAUTH_E_EXISTS = 10,    /* something is there already and overwriting was not asked for */
    SYNAUTH_E_NOT_ASKED = 11  /* a password login or a program would have to be asked: look_only */
};

/* One mistake: what, and where. Allocated by the caller; the first error wins. */
typedef struct synauth_error {
    int code;        /* enum synauth_code */
    unsigned line;   /* 1-based line in `file`, 0 when there is none */
    char file[512];  /* empty when no file is concerned; long names are cut from the left */
    char text[512];  /* one sentence without a newline; never holds a secret */
} synauth_error;

/* How a context is opened. Set `size` to sizeof(synauth_options); zero means default. */
typedef struct synauth_options {
    size_t size;
    const char *config_file; /* this file alone, as SYNAUTH_CONFIG does; NULL = the usual chain */
    int look_only; /* 1: nothing is done to get a token, no process started and no file written; a
                      result that would need it is withheld with SYNAUTH_E_NOT_ASKED, and its reason
                      says what would be done ("would log in as alice"); 0: it is done */
} synauth_options;

typedef struct synauth_context synauth_context;
typedef struct synauth_result synauth_result;

/* Reads the configuration. options may be NULL. Returns NULL and fills *error when memory is
   short. A configuration with mistakes still opens: rules with mistakes send nothing, and
   synauth_resolve reports SYNAUTH_E_CONFIG when the files as a whole cannot be trusted. */
SYNAUTH_API synauth_context *synauth_open(const synauth_options *options, synauth_error *error);
SYNAUTH_API void synauth_close(synauth_context *context);

/* What a request to `url` would carry. *ret is set on SYNAUTH_OK only, also when the answer is
   that nothing is sent: see synauth_result_decision. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_resolve(synauth_context *context, const char *url,
                                                 synauth_result **ret, synauth_error *error);
SYNAUTH_API void synauth_result_free(synauth_result *result);

/* "Authorization: Bearer ..." or NULL when nothing is sent. */
SYNAUTH_API const char *synauth_result_header(const synauth_result *result);

/* With a user name and an API key instead of a token (deprecated by Synapse), a request is signed:
   there is no header as above, but these three lines, index 0 to 2 ("userId: ...",
   "signatureTimestamp: ...", "signature: ..."), good for this URL and some minutes. They must not
   be sent to any other host: libcurl forwards such headers across redirects. NULL for everything
   else and past the end. */
SYNAUTH_API const char *synauth_result_signature(const synauth_result *result, size_t index);

enum synauth_decision {
    SYNAUTH_NONE = 0,    /* no rule matches */
    SYNAUTH_SEND = 1,    /* the header is sent */
    SYNAUTH_WITHHOLD = 2 /* a rule matches, but nothing may or can be sent */
};
SYNAUTH_API enum synauth_decision synauth_result_decision(const synauth_result *result);
/* Why nothing is sent: SYNAUTH_OK, SYNAUTH_E_NO_TOKEN, SYNAUTH_E_UNUSABLE, SYNAUTH_E_CONFIG ... */
SYNAUTH_API int synauth_result_code(const synauth_result *result);
/* One sentence, never NULL, never a secret. */
SYNAUTH_API const char *synauth_result_reason(const synauth_result *result);

/* The rule that matched; NULL and 0 when none did. */
SYNAUTH_API const char *synauth_result_rule_match(const synauth_result *result);
SYNAUTH_API const char *synauth_result_rule_file(const synauth_result *result);
SYNAUTH_API unsigned synauth_result_rule_line(const synauth_result *result);
/* "synapse", "cave" or NULL. */
SYNAUTH_API const char *synauth_result_service(const synauth_result *result);

/* Provenance. kind: argument, env, env_file, credentials_directory, session, synapse_config,
   keyring, ssm, cave_secret, token_file, token_command. Absent parts are NULL (line: 0). For a
   result that is withheld because a source is unusable, this is that source. */
typedef struct synauth_source {
    const char *kind;
    const char *name; /* variable, section or file name as a person would say it */
    const char *path;
    unsigned line;
    const char *key;
} synauth_source;
SYNAUTH_API const synauth_source *synauth_result_source(const synauth_result *result);
/* First 8 hex digits of SHA-256 of the token; NULL without a token. */
SYNAUTH_API const char *synauth_result_fingerprint(const synauth_result *result);

/* The trail: every source looked at, in order. outcome is one sentence without a secret. */
typedef struct synauth_tried {
    const char *kind;
    const char *name;
    const char *outcome;
} synauth_tried;
SYNAUTH_API size_t synauth_result_tried_count(const synauth_result *result);
SYNAUTH_API const synauth_tried *synauth_result_tried(const synauth_result *result, size_t index);

/* What a person should know about a token that is used all the same (a deprecated file, a token
   without the scope `view`): sentences without a secret. NULL past the end. */
SYNAUTH_API size_t synauth_result_warning_count(const synauth_result *result);
SYNAUTH_API const char *synauth_result_warning(const synauth_result *result, size_t index);

/* The seed's methods, for a program that knows which service it talks to. */
typedef struct synauth_synapse_options {
    size_t size;
    const char *token;       /* explicit argument: wins over everything */
    const char *profile;     /* these three: `.synapseConfig` only */
    const char *username;
    const char *config_path; /* relative to the working directory, `~` is expanded */
} synauth_synapse_options;
SYNAUTH_API SYNAUTH_MUST_USE int
synauth_synapse_request_header(synauth_context *context, const synauth_synapse_options *options,
                               synauth_result **ret, synauth_error *error);

typedef struct synauth_cave_options {
    size_t size;
    const char *token;          /* explicit argument: wins over everything */
    const char *token_key;      /* NULL = "token" */
    const char *token_file;     /* this file only */
    const char *server_address; /* NULL = https://global.daf-apis.com; scheme may be left out */
} synauth_cave_options;
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_request_header(synauth_context *context,
                                                             const synauth_cave_options *options,
                                                             synauth_result **ret,
                                                             synauth_error *error);

/* CAVE's AuthClient, as far as it needs no network (the rest: synauth_service.h). The client is the
   context with synauth_cave_options. Threads and errors as above; nothing is printed. */

/* The token alone of a result that is sent; NULL otherwise. Wiped with the result. */
SYNAUTH_API const char *synauth_result_token(const synauth_result *result);

/* The seed's get_token: the value of token_key ("token" for NULL) in the secrets files, or in
   token_file. The environment is not asked. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_get_token(synauth_context *context,
                                                        const synauth_cave_options *options,
                                                        synauth_result **ret, synauth_error *error);

/* The parameters of the seed's save_token; zero is the seed's default for each. */
typedef struct synauth_cave_save_options {
    size_t size;
    const char *token;      /* NULL = the token the client has now; white space around it goes */
    const char *token_key;  /* NULL = "token"; the client's own key is not meant */
    const char *token_file; /* NULL = the client's token_file, else the usual files */
    int overwrite;
    int no_switch_token;
    int no_write_to_server_file;
    int no_ignore_readonly;
    int no_local_server;
    const char *local_server; /* the datastack's own server; NULL = there is none */
    int keep_local; /* 1: as it was a server that named local_server, another token in that server's
                       file is an error, whatever `overwrite` says; 0: it is replaced */
    int only_server_file; /* 1: cave-secret.json, which is for every server, is left alone */
} synauth_cave_save_options;

typedef struct synauth_cave_saved synauth_cave_saved;
typedef struct synauth_cave_saved_file {
    const char *path;  /* of the file itself, links followed */
    const char *state; /* "saved"; "carried" (a new file, with the other keys that it would have
                          hidden from its hosts); "replaced" (it had a copy of the token that was
                          replaced); "unchanged" (it had this token); "read-only" (skipped);
                          "removed" (the key); "deleted" (the file); "kept" (another server's file,
                          which has this token, too) */
} synauth_cave_saved_file;
SYNAUTH_API size_t synauth_cave_saved_count(const synauth_cave_saved *saved);
SYNAUTH_API int synauth_cave_saved_get(const synauth_cave_saved *saved, size_t index,
                                       synauth_cave_saved_file *ret);
SYNAUTH_API void synauth_cave_saved_free(synauth_cave_saved *saved);

/* Saves a token for the client's server. With token_file: there, and in <server>-cave-secret.json
   unless no_write_to_server_file. Without, for the default server: in <server>-cave-secret.json and
   in cave-secret.json; for another one in cave-secret.json only where that has its token already
   (the server has no file of its own, or the same value in it). local_server: also in
   <local server>-cave-secret.json. With overwrite, the copies that other secrets files have of the
   token that is replaced are replaced, too, but another server's call leaves the default server's
   file alone. A server's file that is new gets the other keys of the file that its hosts have read
   so far, which it hides from now on.
   All are checked before the first is written; each is replaced in one step (0600, directories 0700,
   links followed, everything else in it kept to the letter) and concurrent savers lose nothing.
   SYNAUTH_E_EXISTS: a file other than the local server's has the key, and no overwrite, or that of
   the local server has another token, and keep_local; *error names both. SYNAUTH_E_NO_TOKEN: neither given nor found. SYNAUTH_E_UNUSABLE: the token, or a file
   that is no JSON object. SYNAUTH_E_IO: a directory that cannot be written, with
   no_ignore_readonly. Unless no_switch_token, the context's synauth_cave_* calls for this server
   use the token from now on; synauth_resolve goes by the rules. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_save_token(synauth_context *context,
                                                         const synauth_cave_options *options,
                                                         const synauth_cave_save_options *save,
                                                         synauth_cave_saved **ret,
                                                         synauth_error *error);

/* Removes what save_token has written: token_key of the client from the file that is read for its
   server and, where it has the same value, from cave-secret.json, from the server's file and from
   those of hosts that take their tokens from this server by the rules. With token_file: from that
   file only. Another server's file is left alone ("kept"). A file that holds nothing else is
   deleted; a token that was saved meanwhile stays. The server still knows the token. SYNAUTH_OK with
   an *error: a file or the directory could not be read, and may hold it, too. SYNAUTH_E_NO_TOKEN:
   there is none. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_remove_token(synauth_context *context,
                                                           const synauth_cave_options *options,
                                                           synauth_cave_saved **ret,
                                                           synauth_error *error);

/* The seed's get_new_token and, with the other two, setup_token: the page to open, and what to do
   there. *ret_url and *ret_text are freed with synauth_free; either may be NULL for "not wanted"
   (no_text). Never opens a browser. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_get_new_token(const char *server_address,
                                                            char **ret_url, char **ret_text,
                                                            synauth_error *error);
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_setup_token(const char *server_address,
                                                          int no_make_new, char **ret_url,
                                                          char **ret_text, synauth_error *error);

/* The server of a datastack, from cave_datastack_to_server_map.json in the secrets directory.
   *ret is freed with synauth_free. SYNAUTH_E_ARGUMENT: the map does not have it. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_datastack_server(const char *datastack, char **ret,
                                                               synauth_error *error);

/* The secrets files that CAVE's clients know, in the order of their names. Never a value. */
typedef struct synauth_cave_files synauth_cave_files;
typedef struct synauth_cave_file {
    const char *path;
    const char *server;      /* host[:port]; NULL = every server that has no file of its own */
    unsigned mode;           /* permission bits */
    size_t key_count;
    const char *const *keys; /* names, each once */
    const char *problem;     /* why it cannot be used; NULL = it can */
} synauth_cave_file;
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_files_open(synauth_cave_files **ret,
                                                         synauth_error *error);
SYNAUTH_API const char *synauth_cave_files_directory(const synauth_cave_files *files);
SYNAUTH_API size_t synauth_cave_files_count(const synauth_cave_files *files);
SYNAUTH_API int synauth_cave_files_get(const synauth_cave_files *files, size_t index,
                                       synauth_cave_file *ret);
SYNAUTH_API void synauth_cave_files_free(synauth_cave_files *files);

/* Appends a rule, `{ match = "..."; service = "cave"; }`, to the user's configuration file, which is
   made when it is missing; every byte that is there stays. The result is read as a configuration
   before it gets the file's name. *ret_path (may be NULL) is freed with synauth_free. The context
   keeps the rules that it has. SYNAUTH_E_CONFIG: the file is invalid, or the rule is. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_config_add_rule(const char *rule, char **ret_path,
                                                         synauth_error *error);

/* For strings that a function has given away. NULL is fine. */
SYNAUTH_API void synauth_free(char *string);

/* The mistakes found in the configuration, in the order of the files; 0 = valid.
   synauth_config_error returns NULL past the end. */
SYNAUTH_API size_t synauth_config_error_count(const synauth_context *context);
SYNAUTH_API const synauth_error *synauth_config_error(const synauth_context *context, size_t index);

/* Logs in where a rule would need it: a user name with a password is what its sources come to, and
   there is no session yet. The sessions are left in the session directory, for programs that start
   later. Also where `helper = false` forbids that inside host programs. Blocks for up to half a
   minute for each login, not at all when there is none to make. Tries all; returns the code of the
   first failure, which *error (may be NULL) describes. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_log_in_ahead(synauth_context *context,
                                                      synauth_error *error);

/* The rules in the order in which they are tried. */
typedef struct synauth_rule_info {
    const char *match; /* first pattern as written */
    const char *service;
    const char *file;  /* "(built in)" for the compiled-in ones */
    unsigned line;
    int valid;
} synauth_rule_info;
SYNAUTH_API size_t synauth_rule_count(const synauth_context *context);
SYNAUTH_API int synauth_rule(const synauth_context *context, size_t index, synauth_rule_info *ret);
/* The file or directory of its own that a rule names as source, absolute; NULL when it names none. */
SYNAUTH_API const char *synauth_rule_source(const synauth_context *context, size_t index);
/* The auth server of a CAVE rule as host[:port]; NULL when it is the request's own host, and for
   other rules. */
SYNAUTH_API const char *synauth_rule_auth_server(const synauth_context *context, size_t index);
/* The rule for a URL, without a look at any source. SYNAUTH_E_NO_TOKEN: no rule matches. Errors are
   those of synauth_resolve, *error may be NULL. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_rule_for_url(const synauth_context *context,
                                                      const char *url, synauth_rule_info *ret,
                                                      synauth_error *error);
/* The `.synapseConfig` in use, absolute: `config_path` (relative to the working directory) when it
   is not NULL, else what the configuration names, else the one in the home directory. free() it;
   NULL when there is no home or memory. */
SYNAUTH_API char *synauth_synapse_config_path(const synauth_context *context,
                                              const char *config_path);

/* The configuration files in the order in which they are tried. */
typedef struct synauth_config_file_info {
    const char *path;
    const char *origin; /* "SYNAUTH_CONFIG", "user", "site" or "built in" */
    const char *state;  /* "read", "absent", "refused", "invalid", "not read" */
} synauth_config_file_info;
SYNAUTH_API size_t synauth_config_file_count(const synauth_context *context);
SYNAUTH_API int synauth_config_file(const synauth_context *context, size_t index,
                                    synauth_config_file_info *ret);

SYNAUTH_API const char *synauth_code_name(int code);    /* "SYNAUTH_E_NO_TOKEN", never NULL */
SYNAUTH_API const char *synauth_code_message(int code); /* a sentence, never NULL */
SYNAUTH_API int synauth_exit_code(int code);            /* exit status of the command line */
SYNAUTH_API const char *synauth_version(void);          /* "X.Y.Z" */

#ifdef __cplusplus
}
#endif
#endif
