/* ledger: which offset of one partition may be committed, and whose turn it is to be published.
 *
 * One slot per article in flight, in the order read:
 *
 *     WORKING -> DONE -> EMITTED -> ACKED
 *     with the workers   result here, waits for its turn   given to the producer   the broker has it
 *
 * Two cursors run over the slots: the first not acknowledged, and the first not yet emitted. Workers finish out of order; results leave
 * in order, and the commit follows the first cursor (the worked case stands in ledger.c).
 *
 * A ledger lives through many assignments of its partition. Each opens a new generation; what still returns from an older one (a
 * worker's result, a delivery report) does not find its slot, is counted in n_stale and changes nothing.
 * Thread: one at a time (the flow thread). */
#ifndef DL_LEDGER_H
#define DL_LEDGER_H

#include "pipeline/base/err.h"

#include <stdbool.h>

typedef enum dl_slot_state { DL_SLOT_WORKING, DL_SLOT_DONE, DL_SLOT_EMITTED, DL_SLOT_ACKED } dl_slot_state;

typedef struct dl_slot {
    int64_t       offset; /* as consumed; gaps are normal (compaction, transaction markers) */
    void         *item;   /* the caller's */
    int32_t       leader_epoch; /* -1: unknown */
    dl_slot_state state;
} dl_slot;

typedef struct dl_ticket { /* names a slot: what the caller keeps with its item */
    uint64_t seq;
    uint32_t generation;
} dl_ticket;

typedef struct dl_ledger {
    dl_slot *ring;      /* [cap], cap a power of two; slot of seq stands at seq & (cap - 1) */
    uint32_t cap;
    uint32_t generation; /* 0: never assigned */
    uint64_t first;     /* seq of the first slot held: the first one not acknowledged */
    uint64_t next_emit; /* first <= next_emit <= end */
    uint64_t end;       /* seq that the next article gets */
    int64_t  commit;    /* the next offset to read, vouching for all below; -1: nothing finished in this generation */
    int32_t  commit_epoch;
    uint64_t n_stale;
} dl_ledger;

/* Takes a slot's item out of the ledger's care; state says who else still holds it. */
typedef void dl_ledger_drop_fn(void *arg, void *item, dl_slot_state state);

/* A zeroed ledger is ready for dl_ledger_open. free takes a zeroed one too; its slots must have been dropped. */
void dl_ledger_free(dl_ledger *l);

/* A new generation begins. The ledger must be empty: drop first. */
void dl_ledger_open(dl_ledger *l);

/* Drop all slots (revoked, lost): drop() gets each item, in order. The generation ends with it. */
void dl_ledger_drop(dl_ledger *l, dl_ledger_drop_fn *drop, void *arg);

/* A new slot, WORKING. Offsets must rise. DL_FATAL without memory: nothing has changed then. */
dl_code dl_ledger_add(dl_ledger *l, dl_ticket *out, int64_t offset, int32_t leader_epoch, void *item, dl_error *err);

/* WORKING -> DONE. False where the ticket is stale. */
bool dl_ledger_done(dl_ledger *l, dl_ticket t);

/* The item whose turn it is and whose result is here; NULL where there is none. */
void *dl_ledger_turn(const dl_ledger *l);

/* DONE -> EMITTED for the item that dl_ledger_turn gave. */
void dl_ledger_emitted(dl_ledger *l);

/* EMITTED -> ACKED. Slots that are acknowledged with all before them leave: finished() gets each item, in order, and the commit moves.
 * False where the ticket is stale: the item is then the caller's to free. */
bool dl_ledger_ack(dl_ledger *l, dl_ticket t, dl_ledger_drop_fn *finished, void *arg);

/* The producer was replaced: everything from the first unacknowledged slot is to be emitted again, in order, acknowledged ones behind
 * it included, so that the newest version of an article is also the last one on its output partition. */
void dl_ledger_rewind(dl_ledger *l);

static inline uint64_t dl_ledger_n(const dl_ledger *l)
{
    return l->end - l->first;
}

#endif
