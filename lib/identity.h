/* identity - a text in each of our libraries from which `synauth doctor` reads its version without
   loading it, as what(1) would. */
#ifndef SYNAUTH_IDENTITY_H
#define SYNAUTH_IDENTITY_H

#include "hook_api.h"

#define IDENTITY_MARK "@(#)synauth "
#define IDENTITY_STRING(number) #number
#define IDENTITY_NUMBER(number) IDENTITY_STRING(number)
/* `part` is "preload" or "resolver"; the interface number tells builds of one version apart. */
#define IDENTITY_END SYNAUTH_VERSION " hooks " IDENTITY_NUMBER(SYNAUTH_HOOK_API_NUMBER)
#define IDENTITY(part) IDENTITY_MARK part " " IDENTITY_END

#endif
