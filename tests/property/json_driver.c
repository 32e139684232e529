/* json_driver - says for each frame what lib/format/json_secret.c finds under "token", one line
   each: `bad`, `absent` or `found HEX`. */
#include "format/json_secret.h"
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>

static void print_answer(const char *text, size_t length)
{
    AUTO_SECRET secret = NULL;
    synauth_error error = {0};
    switch (json_secret_get(text, length, "token", "file", &secret, NULL, &error)) {
    case JSON_SECRET_FOUND:
        printf("found ");
        hex_print(secret_bytes(secret), secret_length(secret));
        break;
    case JSON_SECRET_ABSENT:
        printf("absent");
        break;
    case JSON_SECRET_BAD:
        printf("bad");
        break;
    }
    putchar('\n');
}

int main(void)
{
    char *text;
    size_t length = 0;
    while ((text = frame_read(&length))) {
        print_answer(text, length);
        free(text);
    }
    return 0;
}
