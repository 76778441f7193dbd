// Loops that the compiler vectorises for three processors; the loader picks one. No multiplication is fused with an addition, so
// that all give the same numbers.

#include "CElementwise.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__GLIBC__)
#include <immintrin.h>

// libmvec's names: the vector ABI of x86-64, d for AVX2, e for AVX-512.
__attribute__((target("avx2"))) __m256d _ZGVdN4v_tanh(__m256d);
__attribute__((target("avx2"))) __m256d _ZGVdN4v_exp(__m256d);
__attribute__((target("avx512f"))) __m512d _ZGVeN8v_tanh(__m512d);
__attribute__((target("avx512f"))) __m512d _ZGVeN8v_exp(__m512d);

__attribute__((target("avx2"))) static long tanh_avx2(const double *source, double *target, long count) {
  long i = 0;
  for (; i + 4 <= count; i += 4) _mm256_storeu_pd(target + i, _ZGVdN4v_tanh(_mm256_loadu_pd(source + i)));
  return i;
}

__attribute__((target("avx512f"))) static long tanh_avx512(const double *source, double *target, long count) {
  long i = 0;
  for (; i + 8 <= count; i += 8) _mm512_storeu_pd(target + i, _ZGVeN8v_tanh(_mm512_loadu_pd(source + i)));
  return i;
}

__attribute__((target("avx2"))) static long sigmoid_avx2(const double *source, double *target, long count) {
  const __m256d one = _mm256_set1_pd(1), zero = _mm256_setzero_pd();
  long i = 0;
  for (; i + 4 <= count; i += 4) {
    __m256d e = _ZGVdN4v_exp(_mm256_sub_pd(zero, _mm256_loadu_pd(source + i)));
    _mm256_storeu_pd(target + i, _mm256_div_pd(one, _mm256_add_pd(one, e)));
  }
  return i;
}

__attribute__((target("avx512f"))) static long sigmoid_avx512(const double *source, double *target, long count) {
  const __m512d one = _mm512_set1_pd(1), zero = _mm512_setzero_pd();
  long i = 0;
  for (; i + 8 <= count; i += 8) {
    __m512d e = _ZGVeN8v_exp(_mm512_sub_pd(zero, _mm512_loadu_pd(source + i)));
    _mm512_storeu_pd(target + i, _mm512_div_pd(one, _mm512_add_pd(one, e)));
  }
  return i;
}

static int level(void) {
  static int known = -1;
  if (known < 0) {
    __builtin_cpu_init();
    known = __builtin_cpu_supports("avx512f") ? 2 : __builtin_cpu_supports("avx2") ? 1 : 0;
  }
  return known;
}

#define VECTORS(name) (level() == 2 ? name##_avx512 : level() == 1 ? name##_avx2 : (long (*)(const double *, double *, long))0)
#define CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define CLONES
#endif

// The rest of a row goes through the same function, padded, so that a number's value does not depend on its place.
#if defined(__x86_64__) && defined(__GLIBC__)
#define ALL(name, scalar)                                            \
  long i = 0;                                                        \
  long (*vectors)(const double *, double *, long) = VECTORS(name);   \
  if (vectors) {                                                     \
    i = vectors(source, target, count);                              \
    if (i < count) {                                                 \
      double padded[8] = {0}, result[8];                             \
      for (long j = i; j < count; j++) padded[j - i] = source[j];    \
      vectors(padded, result, 8);                                    \
      for (long j = i; j < count; j++) target[j] = result[j - i];    \
    }                                                                \
    return;                                                          \
  }                                                                  \
  for (; i < count; i++) target[i] = scalar;
#else
#define ALL(name, scalar) \
  for (long i = 0; i < count; i++) target[i] = scalar;
#endif

void elementwise_tanh(const double *source, double *target, long count) { ALL(tanh, tanh(source[i])) }
void elementwise_sigmoid(const double *source, double *target, long count) { ALL(sigmoid, 1 / (1 + exp(-source[i]))) }

#define LOOP(statement) \
  for (long i = 0; i < count; i++) statement;

CLONES void elementwise_add(const double *a, const double *b, double *target, long count) { LOOP(target[i] = a[i] + b[i]) }
CLONES void elementwise_subtract(const double *a, const double *b, double *target, long count) {
  LOOP(target[i] = a[i] - b[i])
}
CLONES void elementwise_multiply(const double *a, const double *b, double *target, long count) {
  LOOP(target[i] = a[i] * b[i])
}
CLONES void elementwise_affine(const double *a, double scale, double shift, double *target, long count) {
  LOOP(target[i] = scale * a[i] + shift)
}
CLONES void elementwise_add_multiply(const double *a, const double *b, double *target, long count) {
  LOOP(target[i] += a[i] * b[i])
}
CLONES void elementwise_add_scaled(const double *a, double scale, double *target, long count) {
  LOOP(target[i] += scale * a[i])
}
CLONES void elementwise_pull_tanh(const double *y, const double *adjoint, double *target, long count, int adds) {
  if (adds) {
    LOOP(target[i] += adjoint[i] * (1 - y[i] * y[i]))
  } else {
    LOOP(target[i] = adjoint[i] * (1 - y[i] * y[i]))
  }
}
CLONES void elementwise_pull_sigmoid(const double *y, const double *adjoint, double *target, long count, int adds) {
  if (adds) {
    LOOP(target[i] += adjoint[i] * (y[i] * (1 - y[i])))
  } else {
    LOOP(target[i] = adjoint[i] * (y[i] * (1 - y[i])))
  }
}
