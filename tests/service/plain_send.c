/* plain_send - preloaded: send(2) as a libcurl makes it that leaves writing to the TLS library
   (before 7.81): a connection that is gone raises SIGPIPE. */
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    return syscall(SYS_sendto, fd, bytes, length, flags & ~MSG_NOSIGNAL, NULL, 0);
}
