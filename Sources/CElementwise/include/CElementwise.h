// Functions by element on rows of doubles, vectorised.
//
// exp comes from glibc's libmvec, four or eight numbers at a time where the processor can, else from libm one by one. A value or slope
// is wrong by at most 8 units in the last place, in saturation too, and is NaN where its argument is.
#ifndef C_ELEMENTWISE_H
#define C_ELEMENTWISE_H

// value[i] = tanh(source[i]) or 1 / (1 + exp(-source[i])), slope[i] the derivative there unless slope is null. The slopes may take the
// place of the source.
void elementwise_tanh(const double *source, double *value, double *slope, long count);
void elementwise_sigmoid(const double *source, double *value, double *slope, long count);

// target[i] = a[i] op b[i].
void elementwise_add(const double *a, const double *b, double *target, long count);
void elementwise_subtract(const double *a, const double *b, double *target, long count);
void elementwise_multiply(const double *a, const double *b, double *target, long count);
// target[i] = scale a[i] + shift.
void elementwise_affine(const double *a, double scale, double shift, double *target, long count);

// The same, added to the target.
void elementwise_add_multiply(const double *a, const double *b, double *target, long count);
void elementwise_add_scaled(const double *a, double scale, double *target, long count);

#endif
