/* raw_directory - the numbers among the names in a directory, read with nothing but system calls:
   for the copy of a program with threads, where no lock of libc may be taken. */
#ifndef SYNAUTH_RAW_DIRECTORY_H
#define SYNAUTH_RAW_DIRECTORY_H

/* Calls take for each name that is a number, from the beginning. Returns how often take returned
   not 0. */
int raw_directory_numbers(int directory, int (*take)(int number, void *data), void *data);

#endif
