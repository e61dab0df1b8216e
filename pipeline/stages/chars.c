#include "chars.h"

#include "pipeline/base/utf8.h"

#include <utf8proc.h>

#define SP DL_CH_SPACE
#define UP (DL_CH_UPPER | DL_CH_LETTER)
#define LO (DL_CH_LOWER | DL_CH_LETTER)
#define DG DL_CH_DIGIT
#define PU DL_CH_PUNCT
#define SY DL_CH_SYMBOL
#define ST (DL_CH_PUNCT | DL_CH_STOP)
#define OP (DL_CH_PUNCT | DL_CH_OPEN)
#define CL (DL_CH_PUNCT | DL_CH_CLOSE)
#define DQ (DL_CH_PUNCT | DL_CH_QUOTE)
#define AP (DL_CH_PUNCT | DL_CH_QUOTE | DL_CH_APOS)

const uint16_t dl_ch_ascii[128] = {
    SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, /* 00 */
    SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, /* 10 */
    SP, ST, DQ, SY, SY, SY, PU, AP, OP, CL, PU, SY, PU, PU, ST, PU, /*   ! " # $ % & ' ( ) * + , - . / */
    DG, DG, DG, DG, DG, DG, DG, DG, DG, DG, PU, PU, SY, SY, SY, ST, /* 0-9 : ; < = > ? */
    PU, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, /* @ A-O */
    UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, OP, PU, CL, SY, PU, /* P-Z [ \ ] ^ _ */
    SY, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, /* ` a-o */
    LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, OP, SY, CL, SY, SP, /* p-z { | } ~ DEL */
};

static bool is_one_of(int32_t cp, const int32_t *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == cp)
            return true;
    return false;
}

static bool is_ideo(int32_t cp)
{
    return (cp >= 0x3041 && cp <= 0x309F) || (cp >= 0x3400 && cp <= 0x4DBF) || (cp >= 0x4E00 && cp <= 0x9FFF) ||
           (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x3FFFD);
}

static uint32_t punct(int32_t cp, utf8proc_category_t category)
{
    static const int32_t stops[] = {0x2026, 0x203C, 0x2047, 0x2048, 0x2049, 0x0589, 0x061F, 0x06D4, 0x0964, 0x0965,
                                    0x1362, 0x1367, 0x104A, 0x104B, 0x17D4, 0x17D5};
    static const int32_t cjk_stops[] = {0x3002, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61};
    static const int32_t quotes[] = {0x2018, 0x2019, 0x201A, 0x201B, 0x201C, 0x201D, 0x201E, 0x201F, 0x00AB,
                                     0x00BB, 0x2039, 0x203A, 0x300C, 0x300D, 0x300E, 0x300F};
    uint32_t bits = DL_CH_PUNCT;

    if (cp == 0x2019)
        bits |= DL_CH_APOS;
    if (is_one_of(cp, quotes, sizeof quotes / sizeof *quotes))
        bits |= DL_CH_QUOTE;
    if (is_one_of(cp, stops, sizeof stops / sizeof *stops))
        bits |= DL_CH_STOP;
    if (is_one_of(cp, cjk_stops, sizeof cjk_stops / sizeof *cjk_stops))
        bits |= DL_CH_STOP | DL_CH_CJK_STOP;
    if (category == UTF8PROC_CATEGORY_PS || category == UTF8PROC_CATEGORY_PI)
        bits |= DL_CH_OPEN;
    if (category == UTF8PROC_CATEGORY_PE || category == UTF8PROC_CATEGORY_PF)
        bits |= DL_CH_CLOSE;
    return bits;
}

uint32_t dl_ch_wide(int32_t cp)
{
    utf8proc_category_t category = utf8proc_category(cp);

    switch (category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT: return UP;
    case UTF8PROC_CATEGORY_LL: return LO;
    case UTF8PROC_CATEGORY_LM: return DL_CH_LETTER;
    case UTF8PROC_CATEGORY_LO: return is_ideo(cp) ? DL_CH_LETTER | DL_CH_IDEO : DL_CH_LETTER;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return DL_CH_DIGIT;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME: return DL_CH_MARK;
    case UTF8PROC_CATEGORY_CF: return cp == 0x200C || cp == 0x200D ? DL_CH_MARK : DL_CH_SPACE | DL_CH_FORMAT;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO: return punct(cp, category);
    case UTF8PROC_CATEGORY_SK: return cp >= 0x1F3FB && cp <= 0x1F3FF ? DL_CH_MARK : DL_CH_SYMBOL;
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC: return DL_CH_SYMBOL;
    case UTF8PROC_CATEGORY_SO: return cp == 0xFFFD ? DL_CH_LETTER : DL_CH_SYMBOL;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC: return DL_CH_SPACE;
    default: return DL_CH_SYMBOL; /* private use, not assigned */
    }
}

#define Q1 (DL_CH_PUNCT | DL_CH_QUOTE | DL_CH_OPEN)
#define Q2 (DL_CH_PUNCT | DL_CH_QUOTE | DL_CH_CLOSE)
#define IN (DL_CH_SPACE | DL_CH_FORMAT)

/* U+2000 to U+203F as dl_ch_wide has them: typographic quotation marks and dashes are in every article. */
static const uint16_t general[64] = {
    SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, IN, DL_CH_MARK, DL_CH_MARK, IN, IN, /* 2000 */
    PU, PU, PU, PU, PU, PU, PU, PU, Q1, Q2 | DL_CH_APOS, Q1, Q1, Q1, Q2, Q1, Q1,     /* 2010 */
    PU, PU, PU, PU, PU, PU, ST, PU, SP, SP, IN, IN, IN, IN, IN, SP,                 /* 2020 */
    PU, PU, PU, PU, PU, PU, PU, PU, PU, Q1, Q2, PU, ST, PU, PU, PU,                 /* 2030 */
};

uint32_t dl_ch_decode(dl_str s, uint32_t at, uint32_t *len)
{
    int32_t cp;

    if (s.p[at] == '\xE2' && s.n - at > 2 && s.p[at + 1] == '\x80' && dl_utf8_is_cont(s.p[at + 2]))
        return *len = 3, general[s.p[at + 2] & 0x3F];
    cp = dl_utf8_at(s, at, len);

    if (cp < 0)
        return DL_CH_LETTER;
    return cp < 128 ? dl_ch_ascii[cp] : dl_ch_wide(cp);
}

uint32_t dl_ch_decode_before(dl_str s, uint32_t at, uint32_t *len)
{
    int32_t cp;

    if (at > 2 && s.p[at - 3] == '\xE2' && s.p[at - 2] == '\x80' && dl_utf8_is_cont(s.p[at - 1]))
        return *len = 3, general[s.p[at - 1] & 0x3F];
    cp = dl_utf8_before(s, at, len);

    if (cp < 0)
        return DL_CH_LETTER;
    return cp < 128 ? dl_ch_ascii[cp] : dl_ch_wide(cp);
}

dl_span dl_ch_trim(dl_str s, dl_span span)
{
    uint32_t len;

    while (span.start < span.end && (dl_ch_at(s, span.start, &len) & DL_CH_SPACE))
        span.start += len;
    while (span.start < span.end && (dl_ch_before(s, span.end, &len) & DL_CH_SPACE))
        span.end -= len;
    return span;
}
