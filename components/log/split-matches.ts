/** A text cut where what is searched for stands in it, in any case: every second part is a match. */
export function splitMatches(text: string, search: string): readonly string[] {
  if (search === '') return [text];
  const parts: string[] = [];
  const low = text.toLowerCase();
  const wanted = search.toLowerCase();
  // A letter that is another length in lower case would shift all that follows.
  if (low.length !== text.length || wanted.length !== search.length) return [text];
  let from = 0;
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), text.slice(at, at + search.length));
    from = at + search.length;
  }
  return [...parts, text.slice(from)];
}
