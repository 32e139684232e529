/* old_cjson - in the place of a libcjson of long ago: it lacks what came with 1.7.13. */

__attribute__((visibility("default"))) void cJSON_Delete(void *item);

void cJSON_Delete(void *item)
{
    (void)item;
}
