/* kernel_x86: the kernels for AVX2 and for AVX-512 VNNI. */
#ifndef DL_KERNEL_X86_H
#define DL_KERNEL_X86_H

#include "kernel.h"

/* "avx2" or "avx512vnni"; NULL where the name is another, the processor cannot run it, or it is no x86-64. */
const dl_kernels *dl_kernels_x86(const char *name);

#endif
