/*
 * What the inner product's instruction reaches on this processor at each vector width: WebAssembly has 128 bits,
 * native code 256 or 512. Needs AVX-512 VNNI.
 *
 *     gcc -O2 bench/engine/vnni-peak.c -o /tmp/vnni-peak && chrt -r 5 /tmp/vnni-peak
 */
#include <stdio.h>
#include <time.h>

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/* 12 sums, as many as the engine's tile has: none waits for itself. */
#define TWELVE(R)                                                                                          \
  "vpdpbusd %%" R "0,%%" R "0,%%" R "1\n vpdpbusd %%" R "0,%%" R "0,%%" R "2\n"                            \
  "vpdpbusd %%" R "0,%%" R "0,%%" R "3\n vpdpbusd %%" R "0,%%" R "0,%%" R "4\n"                            \
  "vpdpbusd %%" R "0,%%" R "0,%%" R "5\n vpdpbusd %%" R "0,%%" R "0,%%" R "6\n"                            \
  "vpdpbusd %%" R "0,%%" R "0,%%" R "7\n vpdpbusd %%" R "0,%%" R "0,%%" R "8\n"                            \
  "vpdpbusd %%" R "0,%%" R "0,%%" R "9\n vpdpbusd %%" R "0,%%" R "0,%%" R "10\n"                           \
  "vpdpbusd %%" R "0,%%" R "0,%%" R "11\n vpdpbusd %%" R "0,%%" R "0,%%" R "12\n"

#define MEASURE(R, BITS)                                                                                   \
  for (int round = 0; round < 3; round++) {                                                                \
    const long times = 50000000;                                                                           \
    const double start = seconds();                                                                        \
    for (long i = 0; i < times; i++)                                                                       \
      __asm__ volatile(TWELVE(R)::: "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",        \
                       "xmm8", "xmm9", "xmm10", "xmm11", "xmm12");                                         \
    printf("%d bits: %.1f GMAC/s\n", BITS, times * 12.0 * (BITS / 8) / (seconds() - start) / 1e9);         \
  }

int main(void) {
  MEASURE("xmm", 128)
  MEASURE("ymm", 256)
  MEASURE("zmm", 512)
  return 0;
}
