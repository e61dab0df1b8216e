/* The ledger against a plain list that is searched from its beginning for every question. */
#include "consumer/ledger.h"
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLAIN_MAX = 4096 };

typedef struct plain_slot {
    int64_t       offset;
    dl_slot_state state;
    bool          emitted_once;
    dl_ticket     ticket;
    int           item; /* the address is what the ledger holds */
} plain_slot;

typedef struct plain { /* all slots of this generation that are not finished with all before them, in order */
    plain_slot *slots[PLAIN_MAX];
    uint32_t    n;
    int64_t     commit;
    uint32_t    n_freed; /* items that the ledger gave back in the current call */
    plain_slot *freed[PLAIN_MAX];
} plain;

static void take_back(void *arg, void *item, dl_slot_state state)
{
    plain *p = arg;

    (void)state;
    p->freed[p->n_freed++] = item;
}

static plain_slot *plain_turn(const plain *p)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (p->slots[i]->state < DL_SLOT_EMITTED)
            return p->slots[i]->state == DL_SLOT_DONE ? p->slots[i] : NULL;
    return NULL;
}

/* Pops the acknowledged prefix and compares it with what the ledger gave back. */
static void plain_pop(plain *p)
{
    uint32_t n = 0;

    while (n < p->n && p->slots[n]->state == DL_SLOT_ACKED) {
        p->commit = p->slots[n]->offset + 1;
        assert_ptr_equal(p->freed[n], p->slots[n]);
        free(p->slots[n++]);
    }
    assert_int_equal(p->n_freed, n);
    p->n -= n;
    memmove((void *)p->slots, (void *)(p->slots + n), p->n * sizeof *p->slots);
    p->n_freed = 0;
}

static plain_slot *pick(const plain *p, dl_slot_state state)
{
    uint32_t start = p->n ? (uint32_t)rand() % p->n : 0;

    for (uint32_t i = 0; i < p->n; i++)
        if (p->slots[(start + i) % p->n]->state == state)
            return p->slots[(start + i) % p->n];
    return NULL;
}

static void step_add(dl_ledger *l, plain *p, int64_t *offset)
{
    plain_slot *slot = calloc(1, sizeof *slot);

    *offset += 1 + (rand() % 8 == 0 ? rand() % 50 : 0); /* gaps */
    slot->offset = *offset;
    check_ok("add", dl_ledger_add(l, &slot->ticket, *offset, 3, slot, NULL), NULL);
    p->slots[p->n++] = slot;
}

static void step_drop(dl_ledger *l, plain *p, int64_t *offset)
{
    dl_ledger_drop(l, take_back, p);
    assert_int_equal(p->n_freed, p->n);
    for (uint32_t i = 0; i < p->n; i++) {
        const uint64_t n_stale = l->n_stale;

        assert_ptr_equal(p->freed[i], p->slots[i]);
        assert_false(dl_ledger_done(l, p->slots[i]->ticket)); /* what returns late finds nothing */
        assert_false(dl_ledger_ack(l, p->slots[i]->ticket, take_back, p));
        assert_int_equal(l->n_stale, n_stale + 2);
        free(p->slots[i]);
    }
    p->n = p->n_freed = 0;
    p->commit = -1;
    dl_ledger_open(l);
    *offset = rand() % 1000; /* another assignment may begin anywhere, even before */
}

static void step(dl_ledger *l, plain *p, int64_t *offset)
{
    const int   what = rand() % 100;
    plain_slot *slot;

    if (what < 30 && p->n < PLAIN_MAX) {
        step_add(l, p, offset);
    } else if (what < 55 && (slot = pick(p, DL_SLOT_WORKING))) {
        assert_true(dl_ledger_done(l, slot->ticket));
        slot->state = DL_SLOT_DONE;
    } else if (what < 78 && (slot = plain_turn(p))) {
        dl_ledger_emitted(l);
        slot->state = DL_SLOT_EMITTED;
    } else if (what < 98 && (slot = pick(p, DL_SLOT_EMITTED))) {
        slot->state = DL_SLOT_ACKED;
        assert_true(dl_ledger_ack(l, slot->ticket, take_back, p));
        plain_pop(p);
    } else if (what == 98) {
        dl_ledger_rewind(l);
        for (uint32_t i = 0; i < p->n; i++)
            if (p->slots[i]->state > DL_SLOT_DONE)
                p->slots[i]->state = DL_SLOT_DONE;
    } else if (what == 99 && rand() % 20 == 0) {
        step_drop(l, p, offset);
    }
}

static void agrees_with_a_plain_list(void **state)
{
    static plain p;
    (void)state;

    for (unsigned seed = 1; seed <= 20; seed++) {
        dl_ledger l = {0};
        int64_t   offset = -1;

        srand(seed);
        p = (plain){.commit = -1};
        dl_ledger_open(&l);
        for (int i = 0; i < 20000; i++) {
            step(&l, &p, &offset);
            assert_int_equal(dl_ledger_n(&l), p.n);
            assert_int_equal(l.commit, p.commit);
            assert_ptr_equal(dl_ledger_turn(&l), plain_turn(&p));
        }
        dl_ledger_drop(&l, take_back, &p);
        for (uint32_t i = 0; i < p.n; i++)
            free(p.slots[i]);
        dl_ledger_free(&l);
    }
}

/* ---- worked cases: a script of steps, then what may be committed ------------------------------------------------------
 * rN reads offset N; dN its result comes; e emits all whose turn it is; aN acknowledges; w rewinds; x revokes and assigns again. */
static const struct {
    const char *name, *script;
    int64_t     commit;
    const char *emitted; /* offsets, in order */
} cases[] = {
    {"nothing read", "", -1, ""},
    {"read, not finished", "r5 d5 e", -1, "5 "},
    {"finished in order", "r5 r6 d5 d6 e a5 a6", 7, "5 6 "},
    {"out of order: the lowest unfinished holds the commit", "r100 r101 r102 r103 d100 d102 d103 e a100", 101, "100 "},
    {"acknowledged out of order", "r1 r2 r3 d1 d2 d3 e a3 a2", -1, "1 2 3 "},
    {"... and then the first", "r1 r2 r3 d1 d2 d3 e a3 a2 a1", 4, "1 2 3 "},
    {"results out of order leave in order", "r1 r2 r3 d3 e d2 e d1 e", -1, "1 2 3 "},
    {"gaps in the offsets", "r100 r101 r105 d100 d101 d105 e a100 a101", 102, "100 101 105 "},
    {"... closed", "r100 r101 r105 d100 d101 d105 e a100 a101 a105", 106, "100 101 105 "},
    {"a new producer emits again from the first unacknowledged", "r1 r2 r3 d1 d2 d3 e a1 a3 w e", 2, "1 2 3 2 3 "},
    {"... and finishes", "r1 r2 r3 d1 d2 d3 e a1 a3 w e a2 a3", 4, "1 2 3 2 3 "},
    {"revoked: what returns late changes nothing", "r1 r2 d1 e x d2 a1 r1", -1, "1 "},
    {"... and the next owner's work counts", "r1 d1 e x r1 d1 e a1", 2, "1 1 "},
    {"rewind with nothing emitted", "r1 w d1 e a1", 2, "1 "},
};

typedef struct script_slot {
    dl_ticket ticket;
    int64_t   offset;
} script_slot;

static void forget(void *arg, void *item, dl_slot_state state)
{
    (void)arg, (void)item, (void)state;
}

static void worked_cases(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        dl_ledger   l = {0};
        script_slot slots[128] = {0};
        char        emitted[256] = "";
        size_t      n = 0;

        dl_ledger_open(&l);
        for (const char *p = cases[c].script; *p;) {
            const char op = *p++;
            char      *end;
            long       offset = strtol(p, &end, 10);

            p = end + strspn(end, " ");
            if (op == 'r') {
                slots[offset].offset = offset;
                check_ok(cases[c].name, dl_ledger_add(&l, &slots[offset].ticket, offset, -1, &slots[offset], NULL), NULL);
            } else if (op == 'd') {
                (void)dl_ledger_done(&l, slots[offset].ticket);
            } else if (op == 'a') {
                (void)dl_ledger_ack(&l, slots[offset].ticket, forget, NULL);
            } else if (op == 'w') {
                dl_ledger_rewind(&l);
            } else if (op == 'x') {
                dl_ledger_drop(&l, forget, NULL);
                dl_ledger_open(&l);
            } else {
                for (script_slot *s; (s = dl_ledger_turn(&l)); dl_ledger_emitted(&l))
                    n += (size_t)snprintf(emitted + n, sizeof emitted - n, "%lld ", (long long)s->offset);
            }
        }
        check_str(cases[c].name, dl_str_of(emitted), cases[c].emitted);
        if (l.commit != cases[c].commit)
            fail_msg("%s\n  want: %lld\n  got:  %lld", cases[c].name, (long long)cases[c].commit, (long long)l.commit);
        dl_ledger_drop(&l, forget, NULL);
        dl_ledger_free(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(worked_cases), cmocka_unit_test(agrees_with_a_plain_list)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
