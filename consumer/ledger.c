#include "ledger.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Which offset may be committed? Workers finish out of order:
 *
 *     read       100  101  102  103
 *     finished   100       102  103       -> commit 101, not 104
 *
 * A committed offset is the next one to read and vouches for all below it, so we commit the lowest unfinished one. A dead-lettered
 * article is finished once its dead letter is acknowledged. After a revoke another member may read 101 again; what returns of an older
 * generation is dropped.
 *
 * Offsets have gaps: the commit is the last finished offset + 1, never a count. With 100, 101 and 105 read and finished it is 106; with
 * 105 unfinished it is 102, and 103 and 104 (a transaction's markers, say) cost nothing when they are read over again.
 *
 * After a rewind (the producer was replaced while 101 was not acknowledged):
 *
 *     acked      100       102       -> first = 101, and 102 is emitted again behind 101
 *
 * 102 may be a newer version of the article of 101; alone, 101 would end up as the last word. */

enum { FIRST_CAP = 64 };

static dl_slot *slot_at(const dl_ledger *l, uint64_t seq)
{
    return &l->ring[seq & (l->cap - 1)];
}

static bool holds(const dl_ledger *l, dl_ticket t)
{
    return t.generation == l->generation && t.seq >= l->first && t.seq < l->end;
}

void dl_ledger_free(dl_ledger *l)
{
    assert(l->first == l->end);
    free(l->ring);
    *l = (dl_ledger){0};
}

void dl_ledger_open(dl_ledger *l)
{
    assert(l->first == l->end);
    l->generation++;
    l->commit = -1;
    l->commit_epoch = -1;
}

void dl_ledger_drop(dl_ledger *l, dl_ledger_drop_fn *drop, void *arg)
{
    l->generation++; /* before the calls: what they set off must not find its slot */
    while (l->first < l->end) {
        dl_slot *slot = slot_at(l, l->first++);

        drop(arg, slot->item, slot->state);
    }
    l->next_emit = l->end;
    l->commit = -1;
}

static bool grow(dl_ledger *l)
{
    uint32_t cap = l->cap ? l->cap * 2 : FIRST_CAP;
    dl_slot *ring = cap ? calloc(cap, sizeof *ring) : NULL;

    if (!ring)
        return false;
    for (uint64_t seq = l->first; seq < l->end; seq++)
        ring[seq & (cap - 1)] = *slot_at(l, seq);
    free(l->ring);
    l->ring = ring;
    l->cap = cap;
    return true;
}

dl_code dl_ledger_add(dl_ledger *l, dl_ticket *out, int64_t offset, int32_t leader_epoch, void *item, dl_error *err)
{
    if (l->end - l->first == l->cap && !grow(l))
        return dl_fail(err, DL_FATAL, "ledger", DL_NO_PLACE, "out of memory");
    assert(l->first == l->end || offset > slot_at(l, l->end - 1)->offset);
    *slot_at(l, l->end) = (dl_slot){.offset = offset, .item = item, .leader_epoch = leader_epoch};
    *out = (dl_ticket){.seq = l->end++, .generation = l->generation};
    return DL_OK;
}

bool dl_ledger_done(dl_ledger *l, dl_ticket t)
{
    if (!holds(l, t)) {
        l->n_stale++;
        return false;
    }
    assert(slot_at(l, t.seq)->state == DL_SLOT_WORKING);
    slot_at(l, t.seq)->state = DL_SLOT_DONE;
    return true;
}

void *dl_ledger_turn(const dl_ledger *l)
{
    if (l->next_emit == l->end || slot_at(l, l->next_emit)->state != DL_SLOT_DONE)
        return NULL;
    return slot_at(l, l->next_emit)->item;
}

void dl_ledger_emitted(dl_ledger *l)
{
    assert(dl_ledger_turn(l));
    slot_at(l, l->next_emit++)->state = DL_SLOT_EMITTED;
}

bool dl_ledger_ack(dl_ledger *l, dl_ticket t, dl_ledger_drop_fn *finished, void *arg)
{
    if (!holds(l, t)) {
        l->n_stale++;
        return false;
    }
    assert(slot_at(l, t.seq)->state == DL_SLOT_EMITTED);
    slot_at(l, t.seq)->state = DL_SLOT_ACKED;
    while (l->first < l->end && slot_at(l, l->first)->state == DL_SLOT_ACKED) {
        dl_slot *slot = slot_at(l, l->first++);

        l->commit = slot->offset + 1;
        l->commit_epoch = slot->leader_epoch;
        finished(arg, slot->item, slot->state);
    }
    return true;
}

void dl_ledger_rewind(dl_ledger *l)
{
    for (uint64_t seq = l->first; seq < l->next_emit; seq++)
        slot_at(l, seq)->state = DL_SLOT_DONE;
    l->next_emit = l->first;
}
