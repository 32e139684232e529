/* plain_send - preloaded: send(2) as under a libcurl that leaves writing to the TLS library (7.74):
   a connection that is gone raises SIGPIPE. */
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    return syscall(SYS_sendto, fd, bytes, length, flags & ~MSG_NOSIGNAL, NULL, 0);
}
