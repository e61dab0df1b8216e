// compromise: articles in, records out (stdin, stdout); tokens and seconds on standard error. Its tags are not universal tags, so only
// sentences, tokens and names are written.
const fs = require('fs');
const { createRequire } = require('module');
const nlp = createRequire(process.argv[2] + '/')('compromise');
const articles = fs.readFileSync(0, 'utf8').trim().split('\n').map((l) => JSON.parse(l));
nlp('Warm up.').people().out('array');
const begun = process.cpuUsage();
const docs = articles.map((a) => {
  const doc = nlp(a.body);
  const spans = (view) => view.json({ offset: true, terms: false, text: true });
  return { people: spans(doc.people()), places: spans(doc.places()), orgs: spans(doc.organizations()), all: doc.json({ offset: true, terms: { offset: true } }) };
});
const used = process.cpuUsage(begun);
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
  const at = (unit) => cp[Math.min(unit, a.body.length)];
  const place = (o) => {
    let start = o.start;
    let end = o.start + o.length;
    while (end > start && /[\s.,;:!?"'”’)]/.test(a.body[end - 1])) end--;
    while (start < end && /[\s"'“‘(]/.test(a.body[start])) start++;
    return { start: at(start), end: at(end) };
  };
  const names = (list, type) => list.filter((x) => x.offset).map((x) => ({ type, mentions: [{ ...place(x.offset), form: 'name' }] }));
  const tokens = [];
  const sentences = [];
  d.all.forEach((s) => {
    if (s.offset) sentences.push({ start: at(s.offset.start), end: at(s.offset.start + s.offset.length) });
    (s.terms || []).forEach((t) => { n++; if (t.offset && t.offset.length) tokens.push({ start: at(t.offset.start), end: at(t.offset.start + t.offset.length), pos: null, xpos: null, lemma: null, head: null, deprel: null }); });
  });
  console.log(JSON.stringify({ id: a.id, text: a.body, tokens, sentences, entities: [...names(d.people, 'PER'), ...names(d.places, 'LOC'), ...names(d.orgs, 'ORG')] }));
});
console.error(JSON.stringify({ tokens: n, seconds: (used.user + used.system) / 1e6 }));
