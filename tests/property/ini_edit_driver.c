/* ini_edit_driver - for each frame, the text after [authentication] authtoken = TOKEN is set, in
   hex; or `error`. */
#include "format/ini_edit.h"
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    char *text;
    size_t length = 0;
    while ((text = frame_read(&length))) {
        const struct ini_edit edit = {.text = text,
                                      .length = length,
                                      .path = "file",
                                      .section = "authentication",
                                      .key = "authtoken"};
        struct secret *token = secret_new("TOKEN", 5), *result = NULL;
        if (ini_edit_set(&edit, token, &result, NULL) == SYNAUTH_OK)
            hex_print(secret_bytes(result), secret_length(result));
        else
            printf("error");
        putchar('\n');
        secret_unref(result);
        secret_unref(token);
        free(text);
    }
    return 0;
}
