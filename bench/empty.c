/* empty - a preload object with nothing in it: what the mere use of LD_PRELOAD costs. */

extern const char synauth_bench_empty;
const char synauth_bench_empty = 0;
