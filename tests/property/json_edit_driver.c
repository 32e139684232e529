/* json_edit_driver - sets "token" in each frame by lib/format/json_edit.c and removes it again, one
   line each: `bad`, or `ok`, the new text and the text without it in hexadecimal. */
#include "format/json_edit.h"
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char key[] = "token", new_value[] = "new\"\\value";

static void print_secret(const struct secret *secret)
{
    putchar(' ');
    hex_print(secret_bytes(secret), secret_length(secret));
}

static void print_removed(const struct secret *text)
{
    struct json_edit edit, again;
    bool empty = false;
    if (json_edit_find(secret_bytes(text), secret_length(text), key, "file", &edit, NULL) !=
        SYNAUTH_OK) {
        printf(" broken");
        return;
    }
    AUTO_SECRET rest = json_edit_remove_all(&edit, key, &empty);
    bool agrees = rest && json_edit_find(secret_bytes(rest), secret_length(rest), key, "file",
                                         &again, NULL) == SYNAUTH_OK;
    if (agrees && !again.found && empty == !again.first)
        print_secret(rest);
    else
        printf(" broken");
}

static void print_answer(const char *text, size_t length)
{
    struct json_edit edit;
    AUTO_SECRET value = secret_new(new_value, strlen(new_value));
    if (json_edit_find(text, length, key, "file", &edit, NULL) != SYNAUTH_OK) {
        puts("bad");
        return;
    }
    AUTO_SECRET edited = json_edit_set(&edit, key, value);
    struct json_edit again;
    printf("ok");
    print_secret(edited);
    print_removed(edited);
    bool equal = json_edit_find(secret_bytes(edited), secret_length(edited), key, "file", &again,
                                NULL) == SYNAUTH_OK &&
                 json_edit_equals(&again, value);
    puts(equal ? "" : " unequal");
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
