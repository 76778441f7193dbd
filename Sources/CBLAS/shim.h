// OpenBLAS carries LAPACK too, but Debian's header declares the BLAS alone. These are Fortran's procedures: every argument by
// address, matrices column by column, and after the last argument the length of each character argument.

#include <cblas.h>
#include <stddef.h>

// Singular values by preconditioned one-sided Jacobi (Drmač and Veselić 2008).
void dgejsv_(
    const char *joba, const char *jobu, const char *jobv, const char *jobr, const char *jobt, const char *jobp,
    const blasint *m, const blasint *n, double *a, const blasint *lda, double *sva, double *u, const blasint *ldu,
    double *v, const blasint *ldv, double *work, const blasint *lwork, blasint *iwork, blasint *info, size_t, size_t,
    size_t, size_t, size_t, size_t);

// QR with column pivoting.
void dgeqp3_(
    const blasint *m, const blasint *n, double *a, const blasint *lda, blasint *jpvt, double *tau, double *work,
    const blasint *lwork, blasint *info);

// QR.
void dgeqrf_(
    const blasint *m, const blasint *n, double *a, const blasint *lda, double *tau, double *work, const blasint *lwork,
    blasint *info);

// The columns of Q from the reflectors of a QR.
void dorgqr_(
    const blasint *m, const blasint *n, const blasint *k, double *a, const blasint *lda, const double *tau, double *work,
    const blasint *lwork, blasint *info);

// Eigenvalues of a general matrix.
void dgeev_(
    const char *jobvl, const char *jobvr, const blasint *n, double *a, const blasint *lda, double *wr, double *wi,
    double *vl, const blasint *ldvl, double *vr, const blasint *ldvr, double *work, const blasint *lwork, blasint *info,
    size_t, size_t);
