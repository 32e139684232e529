/* netrc_driver - says for each frame whether lib/file/netrc.c finds an entry for lab.test: `has` or
   `none`. */
#include "file/netrc.h"
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    char *text;
    size_t length = 0;
    while ((text = frame_read(&length))) {
        puts(netrc_text_has(text, length, "lab.test") ? "has" : "none");
        free(text);
    }
    return 0;
}
