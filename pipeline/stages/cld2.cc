#include "cld2.h"

#include <cstdio> /* before CLD2's header, which wants FILE */

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

extern "C" dl_cld2_guess dl_cld2_detect(const char *text, size_t n, const char *hint)
{
    const CLD2::CLDHints hints = {hint, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language languages[3];
    int percents[3], text_bytes = 0;
    double scores[3];
    bool reliable = false;
    const CLD2::Language top = CLD2::ExtDetectLanguageSummary(text, static_cast<int>(n), true, &hints, CLD2::kCLDFlagBestEffort, languages,
                                                              percents, scores, nullptr, &text_bytes, &reliable);
    dl_cld2_guess guess = {nullptr, 0, reliable};

    if (top == CLD2::UNKNOWN_LANGUAGE || top == CLD2::TG_UNKNOWN_LANGUAGE)
        return guess;
    for (int i = 0; i < 3; i++)
        if (languages[i] == top)
            guess.share = percents[i] / 100.0;
    guess.code = CLD2::LanguageCode(top);
    return guess;
}
