/* auth_client - what the parts of the CAVE client share. */
#ifndef SYNAUTH_CAVE_AUTH_CLIENT_H
#define SYNAUTH_CAVE_AUTH_CLIENT_H

#define CAVE_DEFAULT_SERVER "https://global.daf-apis.com"
#define CAVE_DEFAULT_KEY "token"

#endif
