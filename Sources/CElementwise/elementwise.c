// Loops that the compiler vectorises for three processors; the loader picks one. No multiplication is fused with an addition, so
// that all give the same numbers.

#include "CElementwise.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__GLIBC__)
#include <immintrin.h>

// libmvec's names: the vector ABI of x86-64, d for AVX2, e for AVX-512.
__attribute__((target("avx2"))) __m256d _ZGVdN4v_exp(__m256d);
__attribute__((target("avx512f"))) __m512d _ZGVeN8v_exp(__m512d);

// tanh x = x + x³ p(x²) for |x| < 1/4, to 1.5e-17: where (1 - q) / (1 + q) with q = e^{-2|x|} would cancel.
#define SMALL 0.25
static const double p[] = {-0.3333333333333331,   0.1333333333329479,   -0.053968253869450214, 0.02186947902594781,
                           -0.008862798753789404, 0.003581791786990957, -0.0013334287579797762};

// One vector of numbers with the operations of its width; q has not been rounded to 1 where the value has.
#define TANH(V, set1, add, sub, mul, div, small_or, copysign_of, minus_absolute, exp, v, y, slope)                          \
  V one = set1(1), q = exp(mul(set1(2), minus_absolute(v))), r = div(one, add(one, q)), u = mul(v, v);                       \
  V sum = set1(p[6]);                                                                                                       \
  for (int k = 5; k >= 0; k--) sum = add(set1(p[k]), mul(sum, u));                                                          \
  y = small_or(v, add(v, mul(mul(v, u), sum)), copysign_of(mul(sub(one, q), r), v));                                        \
  slope = mul(mul(set1(4), q), mul(r, r));

#define SIGMOID(V, set1, add, mul, div, positive_or, minus_absolute, exp, v, y, slope) \
  V one = set1(1), q = exp(minus_absolute(v)), r = div(one, add(one, q));              \
  y = positive_or(v, r, mul(q, r));                                                    \
  slope = mul(q, mul(r, r));

#define AVX2 __attribute__((target("avx2"), always_inline)) static inline
#define AVX512 __attribute__((target("avx512f"), always_inline)) static inline

AVX2 __m256d minus_absolute4(__m256d v) { return _mm256_or_pd(v, _mm256_set1_pd(-0.0)); }
AVX2 __m256d copysign4(__m256d a, __m256d v) { return _mm256_or_pd(a, _mm256_and_pd(v, _mm256_set1_pd(-0.0))); }
AVX2 __m256d small4(__m256d v, __m256d a, __m256d b) {
  __m256d magnitude = _mm256_andnot_pd(_mm256_set1_pd(-0.0), v);
  return _mm256_blendv_pd(b, a, _mm256_cmp_pd(magnitude, _mm256_set1_pd(SMALL), _CMP_LT_OQ));
}
AVX2 __m256d positive4(__m256d v, __m256d a, __m256d b) { return _mm256_blendv_pd(a, b, v); }

AVX512 __m512d signed8(__m512d a, __m512d v) {
  const __m512i sign = _mm512_set1_epi64((long long)(1ULL << 63));
  return _mm512_castsi512_pd(_mm512_or_epi64(_mm512_castpd_si512(a), _mm512_and_epi64(_mm512_castpd_si512(v), sign)));
}
AVX512 __m512d minus_absolute8(__m512d v) { return signed8(v, _mm512_set1_pd(-0.0)); }
AVX512 __m512d small8(__m512d v, __m512d a, __m512d b) {
  return _mm512_mask_blend_pd(_mm512_cmp_pd_mask(_mm512_abs_pd(v), _mm512_set1_pd(SMALL), _CMP_LT_OQ), b, a);
}
AVX512 __m512d positive8(__m512d v, __m512d a, __m512d b) {
  return _mm512_mask_blend_pd(_mm512_cmp_pd_mask(v, _mm512_setzero_pd(), _CMP_LT_OQ), a, b);
}

typedef long (*Vectors)(const double *, double *, double *, long);

#define LOOP_OF(name, target_name, V, width, load, store, body)                                              \
  __attribute__((target(target_name))) static long name(const double *x, double *value, double *slope, long count) { \
    long i = 0;                                                                                              \
    for (; i + width <= count; i += width) {                                                                 \
      V v = load(x + i), y, s;                                                                               \
      body store(value + i, y);                                                                              \
      if (slope) store(slope + i, s);                                                                        \
    }                                                                                                        \
    return i;                                                                                                \
  }

LOOP_OF(tanh_avx2, "avx2", __m256d, 4, _mm256_loadu_pd, _mm256_storeu_pd,
        TANH(__m256d, _mm256_set1_pd, _mm256_add_pd, _mm256_sub_pd, _mm256_mul_pd, _mm256_div_pd, small4, copysign4,
             minus_absolute4, _ZGVdN4v_exp, v, y, s))
LOOP_OF(tanh_avx512, "avx512f", __m512d, 8, _mm512_loadu_pd, _mm512_storeu_pd,
        TANH(__m512d, _mm512_set1_pd, _mm512_add_pd, _mm512_sub_pd, _mm512_mul_pd, _mm512_div_pd, small8, signed8,
             minus_absolute8, _ZGVeN8v_exp, v, y, s))
LOOP_OF(sigmoid_avx2, "avx2", __m256d, 4, _mm256_loadu_pd, _mm256_storeu_pd,
        SIGMOID(__m256d, _mm256_set1_pd, _mm256_add_pd, _mm256_mul_pd, _mm256_div_pd, positive4, minus_absolute4,
                _ZGVdN4v_exp, v, y, s))
LOOP_OF(sigmoid_avx512, "avx512f", __m512d, 8, _mm512_loadu_pd, _mm512_storeu_pd,
        SIGMOID(__m512d, _mm512_set1_pd, _mm512_add_pd, _mm512_mul_pd, _mm512_div_pd, positive8, minus_absolute8,
                _ZGVeN8v_exp, v, y, s))

static int level(void) {
  static int known = -1;
  if (known < 0) {
    __builtin_cpu_init();
    known = __builtin_cpu_supports("avx512f") ? 2 : __builtin_cpu_supports("avx2") ? 1 : 0;
  }
  return known;
}

#define VECTORS(name) (level() == 2 ? name##_avx512 : level() == 1 ? name##_avx2 : (Vectors)0)
#define CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define CLONES
#endif

// The same, one number at a time.
static double tanh_one(double x, double *slope) {
  double q = exp(-2 * fabs(x)), r = 1 / (1 + q);
  *slope = 4 * q * (r * r);
  return tanh(x);
}

static double sigmoid_one(double x, double *slope) {
  double q = exp(-fabs(x)), r = 1 / (1 + q);
  *slope = q * (r * r);
  return x < 0 ? q * r : r;
}

static void all_by_one(double (*one)(double, double *), const double *x, double *value, double *slope, long count) {
  for (long i = 0; i < count; i++) {
    double s;
    value[i] = one(x[i], &s);
    if (slope) slope[i] = s;
  }
}

#if defined(__x86_64__) && defined(__GLIBC__)
// The rest of a row goes through the same function, padded, so that a number's value does not depend on its place.
static void all(Vectors vectors, const double *x, double *value, double *slope, long count) {
  long i = vectors(x, value, slope, count), rest = count - i;
  if (rest == 0) return;
  double padded[8] = {0}, values[8], slopes[8];
  for (long j = 0; j < rest; j++) padded[j] = x[i + j];
  vectors(padded, values, slopes, 8);
  for (long j = 0; j < rest; j++) {
    value[i + j] = values[j];
    if (slope) slope[i + j] = slopes[j];
  }
}
#define ALL(name)                                                 \
  Vectors vectors = VECTORS(name);                                \
  if (vectors) return all(vectors, source, value, slope, count); \
  all_by_one(name##_one, source, value, slope, count);
#else
#define ALL(name) all_by_one(name##_one, source, value, slope, count);
#endif

void elementwise_tanh(const double *source, double *value, double *slope, long count) { ALL(tanh) }
void elementwise_sigmoid(const double *source, double *value, double *slope, long count) { ALL(sigmoid) }

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
