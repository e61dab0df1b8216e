/* name_rules: what is decided on the names of a whole document after the network: spans trimmed, one type a name.
 *
 * In this order, on spans in text order:
 *   trim        titles before a person's name ("Dr. Asante"), articles, possessives and punctuation at the ends are cut off
 *   currency    "US" before "$" is no name
 *   gazetteer   a name that a longer one of three words or more begins with ("Islamic State of Iraq" and the Levant) takes all of it
 *   acronyms    "World Health Organization (WHO)": the acronym takes the type of its expansion, here and later, found or not
 *   surnames    the last word of a person's full name, standing alone later, is that person, unless the network is sure of another type
 *   agreement   equal strings of the document take the type on which their probabilities sum highest */
#ifndef DL_NAME_RULES_H
#define DL_NAME_RULES_H

#include "name_tagger.h"

/* Changes *spans; DL_LIMIT where the arena is full. */
dl_code dl_name_rules(dl_name_spans *spans, dl_doc *doc, const dl_name_features *f, dl_error *err);

#endif
