// wink-nlp: articles in, records out (stdin, stdout); tokens and seconds on standard error. It has no people, organisations or places.
const fs = require('fs');
const { createRequire } = require('module');
const need = createRequire(process.argv[2] + '/');
const nlp = need('wink-nlp')(need('wink-eng-lite-web-model'));
const its = nlp.its;
const articles = fs.readFileSync(0, 'utf8').trim().split('\n').map((l) => JSON.parse(l));
nlp.readDoc('Warm up.').tokens().out(its.pos);
const begun = process.cpuUsage();
const docs = articles.map((a) => {
  const doc = nlp.readDoc(a.body);
  const toks = doc.tokens();
  return { doc, form: toks.out(its.value), pos: toks.out(its.pos), lemma: toks.out(its.lemma), sents: doc.sentences().out() };
});
const used = process.cpuUsage(begun);
// Places in UTF-16 units to places in code points.
const points = (text) => {
  const at = new Array(text.length + 1);
  let n = 0;
  for (let i = 0; i <= text.length; i++) {
    at[i] = n;
    const c = text.charCodeAt(i);
    if (!(c >= 0xd800 && c < 0xdc00)) n++;
  }
  return at;
};
let n = 0;
articles.forEach((a, i) => {
  const d = docs[i];
  const cp = points(a.body);
  const place = (forms) => {
    let at = 0;
    return forms.map((f) => {
      const start = a.body.indexOf(f, at);
      if (start < 0) return null;
      at = start + f.length;
      return { start: cp[start], end: cp[at] };
    });
  };
  n += d.form.length;
  const tokens = place(d.form).map((s, k) => s && { ...s, pos: d.pos[k], xpos: null, lemma: d.lemma[k], head: null, deprel: null })
    .filter((t, k) => t && d.form[k].trim());
  console.log(JSON.stringify({ id: a.id, text: a.body, tokens, sentences: place(d.sents.map((s) => s.trim())).filter((s) => s), entities: [] }));
});
console.error(JSON.stringify({ tokens: n, seconds: (used.user + used.system) / 1e6 }));
