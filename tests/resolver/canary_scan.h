/* canary_scan - looks for a word in all the memory that the process can write. */
#ifndef SYNAUTH_TEST_CANARY_SCAN_H
#define SYNAUTH_TEST_CANARY_SCAN_H

/* The word is the variable CANARY with every byte lessened by one, so that it is never in memory
   because of the test. Prints where it is, on standard error; how often that was. */
int canary_scan(void);

#endif
