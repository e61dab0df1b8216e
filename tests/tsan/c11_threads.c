/* c11_threads: C11 threads for ThreadSanitizer, which knows only POSIX ones. librdkafka uses C11 threads where the C library has them:
 * its threads would run without the sanitizer's state and crash in the first intercepted malloc, and its locks would be unseen. In glibc
 * the C11 types are the POSIX ones under other names, so each call is handed on. Linked into the tsan build alone. */
#include <stdint.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

_Static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t) && sizeof(cnd_t) >= sizeof(pthread_cond_t), "glibc: the same types");

typedef struct start {
    thrd_start_t run;
    void        *arg;
} start;

static void *run_started(void *arg)
{
    const start s = *(start *)arg;

    free(arg);
    return (void *)(intptr_t)s.run(s.arg);
}

static int answer(int rc)
{
    return rc == 0 ? thrd_success : rc == EBUSY ? thrd_busy : rc == ETIMEDOUT ? thrd_timedout : rc == ENOMEM ? thrd_nomem : thrd_error;
}

int thrd_create(thrd_t *thread, thrd_start_t run, void *arg)
{
    start *s = malloc(sizeof *s);

    if (!s)
        return thrd_nomem;
    *s = (start){run, arg};
    return answer(pthread_create(thread, NULL, run_started, s));
}

int thrd_join(thrd_t thread, int *result)
{
    void *value = NULL;
    int   rc = pthread_join(thread, &value);

    if (result)
        *result = (int)(intptr_t)value;
    return answer(rc);
}

int thrd_detach(thrd_t thread)
{
    return answer(pthread_detach(thread));
}

int mtx_init(mtx_t *m, int kind)
{
    pthread_mutexattr_t attr;

    (void)pthread_mutexattr_init(&attr);
    (void)pthread_mutexattr_settype(&attr, kind & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
    int rc = pthread_mutex_init((pthread_mutex_t *)m, &attr);

    (void)pthread_mutexattr_destroy(&attr);
    return answer(rc);
}

int mtx_lock(mtx_t *m)
{
    return answer(pthread_mutex_lock((pthread_mutex_t *)m));
}

int mtx_trylock(mtx_t *m)
{
    return answer(pthread_mutex_trylock((pthread_mutex_t *)m));
}

int mtx_unlock(mtx_t *m)
{
    return answer(pthread_mutex_unlock((pthread_mutex_t *)m));
}

void mtx_destroy(mtx_t *m)
{
    (void)pthread_mutex_destroy((pthread_mutex_t *)m);
}

int cnd_init(cnd_t *c)
{
    return answer(pthread_cond_init((pthread_cond_t *)c, NULL));
}

int cnd_signal(cnd_t *c)
{
    return answer(pthread_cond_signal((pthread_cond_t *)c));
}

int cnd_broadcast(cnd_t *c)
{
    return answer(pthread_cond_broadcast((pthread_cond_t *)c));
}

int cnd_wait(cnd_t *c, mtx_t *m)
{
    return answer(pthread_cond_wait((pthread_cond_t *)c, (pthread_mutex_t *)m));
}

int cnd_timedwait(cnd_t *c, mtx_t *m, const struct timespec *until)
{
    return answer(pthread_cond_timedwait((pthread_cond_t *)c, (pthread_mutex_t *)m, until));
}

void cnd_destroy(cnd_t *c)
{
    (void)pthread_cond_destroy((pthread_cond_t *)c);
}
