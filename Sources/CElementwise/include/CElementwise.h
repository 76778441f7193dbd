// Functions by element on rows of doubles, vectorised.
//
// tanh and exp come from glibc's libmvec, four or eight numbers at a time where the processor can, else from libm one by one.
// libmvec's error is at most 4 units in the last place.
#ifndef C_ELEMENTWISE_H
#define C_ELEMENTWISE_H

// target[i] = tanh(source[i]) and 1 / (1 + exp(-source[i])).
void elementwise_tanh(const double *source, double *target, long count);
void elementwise_sigmoid(const double *source, double *target, long count);

// target[i] = a[i] op b[i].
void elementwise_add(const double *a, const double *b, double *target, long count);
void elementwise_subtract(const double *a, const double *b, double *target, long count);
void elementwise_multiply(const double *a, const double *b, double *target, long count);
// target[i] = scale a[i] + shift.
void elementwise_affine(const double *a, double scale, double shift, double *target, long count);

// The same, added to the target.
void elementwise_add_multiply(const double *a, const double *b, double *target, long count);
void elementwise_add_scaled(const double *a, double scale, double *target, long count);

// target[i] (+)= adjoint[i] (1 - y[i]²) and adjoint[i] y[i] (1 - y[i]).
void elementwise_pull_tanh(const double *y, const double *adjoint, double *target, long count, int adds);
void elementwise_pull_sigmoid(const double *y, const double *adjoint, double *target, long count, int adds);

#endif
