/* verbs - what synauth-helper can do; each answers with a reply (reply.h) and returns the exit
   status. */
#ifndef SYNAUTH_HELPER_VERBS_H
#define SYNAUTH_HELPER_VERBS_H

/* `command PROGRAM [ARG...]`: the first line that the program prints. arguments: from PROGRAM on,
   NULL-terminated. */
int verb_command(char **arguments);
/* `ssm NAME`: a parameter of AWS Systems Manager. */
int verb_ssm(char **arguments);
/* `login`: on standard input user, password, endpoint, profile, configuration file and what is
   tried (lib/source/synapse/attempts.h), each ended by a NUL byte. */
int verb_login(char **arguments);

#endif
