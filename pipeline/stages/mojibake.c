#include "mojibake.h"

#include "chars.h"
#include "pipeline/base/utf8.h"
#include "pipeline/view.h"

typedef enum encoding { CP1252, CP1250, CP1251, LATIN2, MAC_ROMAN, CP437, N_ENCODINGS } encoding;

static const uint32_t encodings[N_ENCODINGS][128] = {
#include "encodings_table.inc"
};

enum { /* tenths of what convinces */
    ENOUGH = 20,
    STRONG = 60, /* then unlikely candidates are read, too */
    REJECT = -1,
    MAX_LEVELS = 4
};

typedef struct unit { /* a character, and the bytes of the view that it was made of */
    int32_t  cp;
    uint32_t start, end;
    bool     made;
} unit;

typedef struct units {
    unit    *p;
    uint32_t n;
} units;

/* The byte of a character; -1: none. Latin-1 reads bytes 0x80 to 0x9F as controls, so these stand for themselves everywhere. */
static int byte_of(encoding enc, int32_t cp)
{
    uint32_t low = 0, high = 128, key = (uint32_t)cp << 8;

    if (cp < 0x80)
        return -1;
    while (low < high) {
        uint32_t mid = (low + high) / 2;

        if (encodings[enc][mid] < key)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < 128 && encodings[enc][low] >> 8 == (uint32_t)cp)
        return (int)(encodings[enc][low] & 0xFF);
    return cp < 0xA0 ? (int)cp : -1;
}

/* The value of the continuation byte at i; -1: none there. lost: its character was replaced by U+FFFD, or is the "?" of "â€?". */
static int continuation(const units *u, uint32_t i, encoding enc, bool *lost)
{
    int b;

    if (i >= u->n)
        return -1;
    if (u->p[i].cp == 0xFFFD || (u->p[i].cp == '?' && i >= 2 && u->p[i - 1].cp == 0x20AC && u->p[i - 2].cp == 0xE2)) {
        *lost = true;
        return 0x1D; /* of the bytes that an encoding may lack, that of U+201D is the commonest */
    }
    b = byte_of(enc, u->p[i].cp);
    return b >= 0x80 && b <= 0xBF ? b & 0x3F : -1;
}

static int32_t decode_one(const units *u, uint32_t i, encoding enc, uint32_t *n)
{
    static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const int lead = i < u->n ? byte_of(enc, u->p[i].cp) : -1;
    bool lost = false;
    int32_t cp;

    if (lead < 0xC2 || lead > 0xF4)
        return -1;
    *n = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    cp = lead & (0x7F >> *n);
    for (uint32_t k = 1; k < *n; k++) {
        int bits = continuation(u, i + k, enc, &lost);

        if (bits < 0 || (lost && k + 1 < *n))
            return -1;
        cp = cp << 6 | bits;
    }
    if (cp < least[*n] || cp > 0x10FFFF)
        return -1;
    return lost && cp != 0x201D ? 0xFFFD : cp;
}

/* The character whose UTF-8 bytes stand at units[i..]; n: how many. A surrogate with its other half is one character. -1: none. */
static int32_t decode(const units *u, uint32_t i, encoding enc, uint32_t *n)
{
    int32_t high = decode_one(u, i, enc, n), low;
    uint32_t more;

    if (high < 0xD800 || high >= 0xDC00)
        return high;
    low = decode_one(u, i + *n, enc, &more);
    if (low < 0xDC00 || low >= 0xE000)
        return high;
    *n += more;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* ---- how likely ----------------------------------------------------------------------------------------------------- */

typedef enum sort { UNLIKELY, LATIN, SIGN, MARK, SCRIPT, GREEK, COMBINING, CONTROL } sort;

static sort sort_of(int32_t cp)
{
    static const struct {
        int32_t from, to;
        sort    is;
    } ranges[] = {{0x80, 0x9F, CONTROL}, {0xA0, 0xBF, SIGN}, {0xC0, 0xD6, LATIN}, {0xD7, 0xD7, SIGN}, {0xD8, 0xF6, LATIN}, {0xF7, 0xF7, SIGN},
                  {0xF8, 0x17F, LATIN}, {0x1A0, 0x1B0, COMBINING}, {0x218, 0x21B, LATIN}, {0x2C6, 0x2DD, COMBINING}, {0x300, 0x33F, COMBINING}, {0x386, 0x3CE, GREEK}, {0x401, 0x45F, SCRIPT},
                  {0x490, 0x4E9, SCRIPT}, {0x5B0, 0x5F4, SCRIPT}, {0x60C, 0x6FF, SCRIPT}, {0x900, 0xDFF, SCRIPT}, {0xE01, 0xE5B, SCRIPT},
                  {0x10D0, 0x10FF, SCRIPT}, {0x1E00, 0x1EF9, LATIN}, {0x2000, 0x206F, MARK}, {0x20A0, 0x20BF, MARK}, {0x2100, 0x214F, MARK},
                  {0x2160, 0x23FF, MARK}, {0x2460, 0x2BFF, MARK}, {0x3000, 0x303F, MARK}, {0x3041, 0x30FF, SCRIPT}, {0x3400, 0x9FFF, SCRIPT},
                  {0xAC00, 0xD7A3, SCRIPT}, {0xFB00, 0xFB06, MARK}, {0xFE0F, 0xFE0F, MARK}, {0xFEFF, 0xFEFF, MARK}, {0xFF01, 0xFF65, MARK},
                  {0xFFFD, 0xFFFD, MARK}, {0x1F000, 0x1FAFF, MARK}};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (cp >= ranges[i].from && cp <= ranges[i].to)
            return ranges[i].is;
    return UNLIKELY;
}

static uint32_t class_of(int32_t cp)
{
    if (cp < 0)
        return DL_CH_SPACE;
    return cp < 128 ? dl_ch_ascii[cp] : dl_ch_wide(cp);
}

/* Marks of English text, which stand beside letters of other scripts in other encodings, too. */
static bool is_common_mark(int32_t cp)
{
    return (cp >= 0x2010 && cp <= 0x203A) || cp == 0x20AC || cp == 0x2116 || cp == 0x2122 || cp == 0x2764 || (cp >= 0xFB00 && cp <= 0xFB06) || cp == 0xFE0F ||
           cp == 0xFFFD;
}

static bool has_control(const units *u, uint32_t i, uint32_t n)
{
    for (uint32_t k = 1; k < n; k++)
        if (u->p[i + k].cp >= 0x80 && u->p[i + k].cp < 0xA0)
            return true;
    return false;
}

typedef struct around { /* what stands beside a candidate */
    uint32_t before2, before, after; /* classes */
} around;

static around look_around(const units *u, uint32_t i, uint32_t n)
{
    return (around){i > 1 ? class_of(u->p[i - 2].cp) : DL_CH_SPACE, i > 0 ? class_of(u->p[i - 1].cp) : DL_CH_SPACE,
                    i + n < u->n ? class_of(u->p[i + n].cp) : DL_CH_SPACE};
}

/* A letter does not stand where its case cannot be: small within capitals, a capital behind a small letter. */
static bool is_odd_case(int32_t cp, around a)
{
    const uint32_t c = class_of(cp);
    const bool is_lead = cp == 0xC2 || cp == 0xC3 || cp == 0xC4 || cp == 0xC5 || cp == 0xD0 || cp == 0xD1; /* of a further level */

    if (is_lead)
        return false;
    if (c & DL_CH_LOWER)
        return (a.before & DL_CH_UPPER) && ((a.before2 & DL_CH_UPPER) || (a.after & DL_CH_UPPER)) && !(a.after & DL_CH_LOWER);
    return (c & DL_CH_UPPER) && (a.before & DL_CH_LOWER);
}

static int weigh_latin(const units *u, uint32_t i, uint32_t n, int32_t cp, encoding enc)
{
    const around a = look_around(u, i, n);
    const int32_t last = u->p[i + n - 1].cp;
    const uint32_t lead = class_of(u->p[i].cp), end = class_of(last);
    const bool in_word = (a.before & DL_CH_LETTER) || (a.after & DL_CH_LETTER);
    const bool closes = last == 0xA0 || last == 0x2019 || last == 0x201D || last == 0x2026 || last == 0xBB || last == 0x2013 || last == 0x2014;

    if (is_odd_case(cp, a))
        return REJECT;
    if (n > 2)
        return closes ? 10 : 25;
    if (last == 0xA0 && u->p[i].cp == 0xC3)
        return 20; /* à */
    if (!in_word || last == 0xA0 || (closes && !(a.after & DL_CH_LETTER)))
        return 5;
    if (enc == MAC_ROMAN && !(lead & DL_CH_LETTER) && (a.before & DL_CH_LOWER))
        return 30; /* "wei√ü" */
    if (enc == CP437)
        return !(lead & DL_CH_LETTER) && (end & DL_CH_LETTER) ? 30 : 0;
    if ((a.before & DL_CH_LOWER) && (lead & DL_CH_UPPER))
        return 30;
    if (closes && (a.before & DL_CH_SPACE))
        return 5;
    if ((class_of(cp) & DL_CH_UPPER) && ((a.before | a.after) & DL_CH_UPPER))
        return 20;
    return end & DL_CH_LOWER ? 12 : 20;
}

/* Weight of reading n units at i as cp; REJECT: not to be read so. run: how many candidates stand in a row here. */
static int weigh(const units *u, uint32_t i, uint32_t n, int32_t cp, encoding enc, uint32_t run)
{
    const sort s = sort_of(cp);
    const around a = look_around(u, i, n);
    int w = 0;

    if (cp == 0xFFFD) /* a character that was lost on the way */
        return n > 2 ? 20 : (a.before & DL_CH_LETTER) && (class_of(u->p[i].cp) & DL_CH_UPPER) ? 12 : 0;
    if (cp >= 0xD800 && cp < 0xE000)
        return REJECT;
    if (s != UNLIKELY && has_control(u, i, n))
        return enc == CP1252 ? 30 : 0; /* of Latin-1, whatever the rest */
    switch (s) {
    case UNLIKELY:
    case CONTROL: return REJECT;
    case LATIN: w = weigh_latin(u, i, n, cp, enc); break;
    case SIGN: w = byte_of(enc, u->p[i].cp) == 0xC2 && !(a.before & DL_CH_UPPER) ? (cp == 0xA0 ? 10 : enc == CP1252 ? 25 : 15) : 5; break;
    case MARK: w = enc == CP1252 || is_common_mark(cp) ? 30 : enc == MAC_ROMAN && cp >= 0x2200 && cp < 0x2300 ? 20 : 0; break;
    case SCRIPT: w = run >= (enc == CP1252 ? 2u : 3u) ? 10 : REJECT; break;
    case GREEK: w = run >= 2 ? 10 : enc == CP1252 && ((a.before | a.after) & DL_CH_LETTER) ? 20 : REJECT; break;
    case COMBINING: w = enc != CP1252 ? REJECT : u->p[i].cp == 0xCC ? 8 : 0; break;
    }
    if (w > 0 && enc != CP1252 && s != MARK && w < 30)
        w = w * 6 / 10;
    return w;
}

/* ---- the walk ------------------------------------------------------------------------------------------------------- */

/* Candidates in a row from i on. */
static uint32_t run_at(const units *u, uint32_t i, encoding enc)
{
    uint32_t run = 0, n;

    for (int32_t cp; i < u->n && (cp = decode(u, i, enc, &n)) >= 0 && sort_of(cp) != UNLIKELY; i += n)
        run++;
    return run;
}

static int total(const units *u, encoding enc)
{
    uint32_t n, run = 0;
    int sum = 0;

    for (uint32_t i = 0, run_end = 0; i < u->n; i++) {
        int32_t cp = u->p[i].cp < 0x80 ? -1 : decode(u, i, enc, &n);

        if (cp < 0)
            continue;
        if (i >= run_end) {
            run = run_at(u, i, enc);
            run_end = i;
            for (uint32_t k = 0, m; k < run; k++, run_end += m)
                (void)decode(u, run_end, enc, &m);
        }
        int w = weigh(u, i, n, cp, enc, run);

        if (w < 0)
            continue;
        sum += w;
        i += n - 1;
    }
    return sum;
}

/* A lead whose no-break space became a space: "Ã " is an à, "Å v" began with Š, "Â " was the space itself. Within a word the space goes,
 * too. -1: none of these. */
static int32_t before_space(const units *u, uint32_t i, encoding enc, uint32_t *n)
{
    const around a = look_around(u, i, 1);
    const int lead = byte_of(enc, u->p[i].cp);

    if (i + 1 >= u->n || u->p[i + 1].cp != ' ' || (a.before & DL_CH_UPPER))
        return -1;
    const uint32_t next = look_around(u, i, 2).after;
    const bool s_alone = i + 2 < u->n && u->p[i + 2].cp == 's' && (i + 3 == u->n || u->p[i + 3].cp == ' '); /* "às" */

    *n = lead == 0xC3 && !(a.before & DL_CH_LOWER) && !s_alone ? 1 : 2;
    if (lead == 0xC3)
        return 0xE0;
    if (lead == 0xC2 && (a.before & DL_CH_LOWER))
        return 0xA0;
    return lead == 0xC5 && !(a.before & DL_CH_LETTER) && (next & DL_CH_LOWER) ? 0x160 : -1;
}

static void read_as(units *u, encoding enc, bool strong)
{
    uint32_t out = 0, run = 0, run_end = 0, n = 0;

    for (uint32_t i = 0; i < u->n; out++) {
        int32_t cp = u->p[i].cp < 0x80 ? -1 : decode(u, i, enc, &n);
        int w = REJECT;

        if (cp >= 0) {
            if (i >= run_end) {
                run = run_at(u, i, enc);
                run_end = i;
                for (uint32_t k = 0, m; k < run; k++, run_end += m)
                    (void)decode(u, run_end, enc, &m);
            }
            w = weigh(u, i, n, cp, enc, strong ? UINT32_MAX : run);
        } else if (strong && (cp = before_space(u, i, enc, &n)) >= 0) {
            w = 1;
        }
        if (cp < 0 || w < (strong ? 0 : 1)) {
            u->p[out] = u->p[i++];
            continue;
        }
        u->p[out] = (unit){cp, u->p[i].start, u->p[i + n - 1].end, true};
        i += n;
    }
    u->n = out;
}

/* Controls 0x80 to 0x9F that are left are characters of Windows-1252 read as Latin-1. */
static bool read_controls(units *u)
{
    bool any = false;

    for (uint32_t i = 0; i < u->n; i++) {
        if (u->p[i].cp < 0x80 || u->p[i].cp > 0x9F || u->p[i].made || (u->p[i].cp == 0x85 && (i == 0 || (class_of(u->p[i - 1].cp) & DL_CH_SPACE))))
            continue;
        for (uint32_t k = 0; k < 128; k++)
            if ((int32_t)(encodings[CP1252][k] & 0xFF) == u->p[i].cp && encodings[CP1252][k] >> 8 > 0x9F) {
                u->p[i].cp = (int32_t)(encodings[CP1252][k] >> 8);
                u->p[i].made = any = true;
                break;
            }
    }
    return any;
}

/* Two characters above 127 side by side, which mojibake has and clean English seldom. */
static bool is_suspicious(dl_str s)
{
    for (size_t i = 0; i + 1 < s.n; i++) {
        const unsigned char c = (unsigned char)s.p[i];
        uint32_t len;

        if (c < 0x80)
            continue;
        (void)dl_utf8_at(s, i, &len);
        if ((i + len < s.n && (unsigned char)s.p[i + len] >= 0xC0) || (c == 0xC2 && len == 2 && (unsigned char)s.p[i + 1] < 0xA0))
            return true;
        i += len - 1;
    }
    return false;
}

static bool split(dl_edits *e, dl_str s, units *u)
{
    uint32_t len;

    u->p = dl_arena_alloc(e->doc->a, sizeof(unit) * (s.n + 1));
    u->n = 0;
    if (!u->p)
        return false;
    for (uint32_t i = 0; i < s.n; i += len) {
        int32_t cp = dl_utf8_at(s, i, &len);

        u->p[u->n++] = (unit){cp, i, i + len, false};
    }
    return true;
}

dl_code dl_mojibake_find(dl_edits *e, dl_error *err)
{
    const dl_str s = dl_view(e->doc);
    units u;
    bool any = false;

    if (!is_suspicious(s))
        return DL_OK;
    if (!split(e, s, &u))
        return dl_fail(err, DL_LIMIT, "repair", DL_NO_PLACE, "no memory left for repairs");
    for (uint32_t level = 0; level < MAX_LEVELS; level++) {
        encoding best = CP1252;
        int most = 0;

        for (uint32_t enc = 0; enc < N_ENCODINGS; enc++) {
            int sum = total(&u, (encoding)enc);

            if (sum > most) {
                most = sum;
                best = (encoding)enc;
            }
        }
        if (most < ENOUGH)
            break;
        read_as(&u, best, most >= STRONG);
        any = true;
    }
    any = read_controls(&u) || any;
    for (uint32_t i = 0; any && i < u.n; i++) {
        char *to = u.p[i].made ? dl_arena_alloc(e->doc->a, 4) : NULL;

        if (!u.p[i].made)
            continue;
        if (!to)
            return dl_fail(err, DL_LIMIT, "repair", DL_NO_PLACE, "no memory left for repairs");
        dl_edits_add(e, (dl_span){u.p[i].start, u.p[i].end}, (dl_str){to, dl_utf8_put(u.p[i].cp, to)}, DL_REPAIR_MOJIBAKE);
    }
    return dl_edits_apply(e, err);
}
