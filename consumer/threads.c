#include "threads.h"

#include <signal.h>

bool dl_thread_start(uv_thread_t *out, void (*run)(void *arg), void *arg)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* a new thread inherits the mask */
    bool ok = uv_thread_create(out, run, arg) == 0;

    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}
