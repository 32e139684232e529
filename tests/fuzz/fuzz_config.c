/* fuzz_config - lib/config/config.h: any text is a configuration or a mistake with a file; run with
   leak detection, nothing of libconfig's tree or ours stays. */
#include "config/config.h"
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/synauth-fuzz-config-%ld", (long)getpid());
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = fd >= 0 && write(fd, data, size) == (ssize_t)size;
    if (fd >= 0)
        close(fd);
    struct config *config = written ? config_load(path) : NULL;
    unlink(path);
    if (!config)
        return 0;
    if (config->unusable) {
        must(config->error_count > 0 && config->errors[0].file[0]);
        must(config->errors[0].text[0] && !strchr(config->errors[0].text, '\n'));
    }
    for (size_t i = 0; i < rules_count(config->rules); i++)
        must(rules_get(config->rules, i)->match[0]);
    config_free(config);
    return 0;
}
