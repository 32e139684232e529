/* interpose - dlopen and dlsym as jumps: each asks a C function where to, and goes there with the
   caller's arguments and return address. A call would make us the caller, for whom RTLD_NEXT,
   RUNPATH and $ORIGIN mean something else; a compiler promises no jump at -O0. */
#ifndef SYNAUTH_INTERPOSE_H
#define SYNAUTH_INTERPOSE_H

/* clang-format off */
#if defined(__x86_64__) && defined(__LP64__)
#define SYNAUTH_INTERPOSE 1
#define INTERPOSE_BEGIN(name)                 \
    ".text\n.globl " name "\n.type " name ", @function\n.balign 16\n" \
    name ":\n.cfi_startproc\nendbr64\n"       \
    "pushq %rdi\n.cfi_adjust_cfa_offset 8\n"  \
    "pushq %rsi\n.cfi_adjust_cfa_offset 8\n"  \
    "subq $8, %rsp\n.cfi_adjust_cfa_offset 8\n"
#define INTERPOSE_END(name)                    \
    "addq $8, %rsp\n.cfi_adjust_cfa_offset -8\n" \
    "popq %rsi\n.cfi_adjust_cfa_offset -8\n"     \
    "popq %rdi\n.cfi_adjust_cfa_offset -8\n"     \
    "jmp *%rax\n.cfi_endproc\n.size " name ", . - " name "\n"
#define INTERPOSE_DLOPEN __asm__(INTERPOSE_BEGIN("dlopen") \
    "leaq 8(%rsp), %rsi\nmovq 24(%rsp), %rdx\ncall deepbind_choose\n" INTERPOSE_END("dlopen"));
#define INTERPOSE_DLSYM __asm__(INTERPOSE_BEGIN("dlsym") \
    "movq 24(%rsp), %rdx\ncall looked_up_choose\n" INTERPOSE_END("dlsym"));

#elif defined(__aarch64__) && defined(__LP64__)
#define SYNAUTH_INTERPOSE 1
#define INTERPOSE_BEGIN(name)                 \
    ".text\n.globl " name "\n.type " name ", %function\n.balign 16\n" \
    name ":\n.cfi_startproc\nhint #34\n" /* bti c */   \
    "stp x29, x30, [sp, #-32]!\n.cfi_def_cfa_offset 32\n" \
    ".cfi_offset 29, -32\n.cfi_offset 30, -24\nmov x29, sp\nstp x0, x1, [sp, #16]\n"
#define INTERPOSE_END(name)                   \
    "mov x16, x0\nldp x0, x1, [sp, #16]\nldp x29, x30, [sp], #32\n" \
    ".cfi_restore 29\n.cfi_restore 30\n.cfi_def_cfa_offset 0\n"     \
    "br x16\n.cfi_endproc\n.size " name ", . - " name "\n"
#define INTERPOSE_DLOPEN __asm__(INTERPOSE_BEGIN("dlopen") \
    "add x1, sp, #24\nmov x2, x30\nbl deepbind_choose\n" INTERPOSE_END("dlopen"));
#define INTERPOSE_DLSYM __asm__(INTERPOSE_BEGIN("dlsym") \
    "mov x2, x30\nbl looked_up_choose\n" INTERPOSE_END("dlsym"));

#elif defined(__i386__)
#define SYNAUTH_INTERPOSE 1
#define INTERPOSE_BEGIN(name)                 \
    ".text\n.globl " name "\n.type " name ", @function\n.balign 16\n" \
    name ":\n.cfi_startproc\nendbr32\n"
#define INTERPOSE_END(name)                   \
    "addl $12, %esp\n.cfi_adjust_cfa_offset -12\n" \
    "jmp *%eax\n.cfi_endproc\n.size " name ", . - " name "\n"
/* The mode lies in the caller's argument area, which the callee may change. */
#define INTERPOSE_DLOPEN __asm__(INTERPOSE_BEGIN("dlopen") \
    "pushl (%esp)\n.cfi_adjust_cfa_offset 4\n"             \
    "leal 12(%esp), %eax\npushl %eax\n.cfi_adjust_cfa_offset 4\n" \
    "pushl 12(%esp)\n.cfi_adjust_cfa_offset 4\ncall deepbind_choose\n" INTERPOSE_END("dlopen"));
#define INTERPOSE_DLSYM __asm__(INTERPOSE_BEGIN("dlsym") \
    "pushl (%esp)\n.cfi_adjust_cfa_offset 4\n"             \
    "pushl 12(%esp)\n.cfi_adjust_cfa_offset 4\n"         \
    "pushl 12(%esp)\n.cfi_adjust_cfa_offset 4\ncall looked_up_choose\n" INTERPOSE_END("dlsym"));
#endif
/* clang-format on */

#endif
