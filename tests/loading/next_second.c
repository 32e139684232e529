/* next_second - what next_first must find. */
__attribute__((visibility("default"))) int value(void);

int value(void)
{
    return 1;
}
