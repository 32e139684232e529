/* empty_preload - a library that does nothing, to stand for the preload library. */
int synauth_empty_preload(void);
int synauth_empty_preload(void)
{
    return 0;
}
