/** `length` characters of each id that tell it from the others: after what all begin with, or else the last ones. */
export function shortIds(ids: readonly string[], length = 4): ReadonlyMap<string, string> {
  const from = sharedStart(ids);
  const heads = new Set(ids.map((id) => id.slice(from, from + length)));
  return new Map(ids.map((id) => [id, heads.size === ids.length ? id.slice(from, from + length) : id.slice(-length)]));
}

/** How many characters all ids begin with, up to a separator. */
function sharedStart(ids: readonly string[]): number {
  const [first = ''] = ids;
  let shared = 0;
  while (shared < first.length && ids.every((id) => id[shared] === first[shared])) shared += 1;
  return first.slice(0, shared).search(/[^-_/.]*$/);
}
