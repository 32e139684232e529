/* servers - the hosts of the two services as everybody knows them. */
#ifndef SYNAUTH_SERVERS_H
#define SYNAUTH_SERVERS_H

#define SYNAPSE_REPO_HOST "repo-prod.prod.sagebase.org"
#define SYNAPSE_AUTH_HOST "auth-prod.prod.sagebase.org"
#define SYNAPSE_FILE_HOST "file-prod.prod.sagebase.org"
#define SYNAPSE_REPO_URL "https://" SYNAPSE_REPO_HOST "/repo/v1"
#define SYNAPSE_AUTH_URL "https://" SYNAPSE_AUTH_HOST "/auth/v1"

#define CAVE_DEFAULT_HOST "global.daf-apis.com"
#define CAVE_DEFAULT_SERVER "https://" CAVE_DEFAULT_HOST

#endif
