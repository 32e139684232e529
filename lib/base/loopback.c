/* loopback - what leads to this machine and nowhere else. */
#include "base/loopback.h"

#include "base/ascii.h"

#include <arpa/inet.h>
#include <string.h>

enum { FIRST_BYTE = 127, V4_IN_V6 = 12 }; /* where an IPv4 address begins in a mapped one */

bool loopback_has_address(const char *address)
{
    struct in_addr four;
    struct in6_addr six;
    if (!address)
        return false;
    if (inet_pton(AF_INET, address, &four) == 1)
        return ntohl(four.s_addr) >> 24 == FIRST_BYTE;
    if (inet_pton(AF_INET6, address, &six) != 1)
        return false;
    return IN6_IS_ADDR_LOOPBACK(&six) ||
           (IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[V4_IN_V6] == FIRST_BYTE);
}

bool loopback_has_host(const char *host)
{
    char inside[INET6_ADDRSTRLEN];
    size_t length = strlen(host);
    if (ascii_equal(host, "localhost"))
        return true;
    if (host[0] != '[')
        return loopback_has_address(host);
    if (length < 2 || host[length - 1] != ']' || length - 2 >= sizeof inside)
        return false;
    memcpy(inside, host + 1, length - 2);
    inside[length - 2] = '\0';
    return loopback_has_address(inside);
}
