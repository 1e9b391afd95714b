/** One condition of a filter: a word of the name, or `key:value` with an optional comparison. */
export type FilterTerm =
  | { readonly kind: 'word'; readonly text: string }
  | {
      readonly kind: 'number';
      readonly key: 'outdated' | 'size' | 'unhealthy';
      readonly compare: '>' | '<' | '=';
      readonly value: number;
    }
  | { readonly kind: 'state'; readonly state: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'label'; readonly key: string; readonly value: string }
  | { readonly kind: 'cycle'; readonly active: boolean };

const STATES = ['starting', 'started', 'draining', 'drained', 'terminating'];
const NUMBERS = ['outdated', 'size', 'unhealthy'] as const;

/** Reads a filter such as `web outdated:>0 state:draining env:demo label.team:payments`. What it cannot read is a word. */
export function parseFilter(text: string): FilterTerm[] {
  return text
    .split(/\s+/)
    .filter((part) => part !== '')
    .map(parseTerm);
}

function parseTerm(part: string): FilterTerm {
  const colon = part.indexOf(':');
  const key = part.slice(0, colon).toLowerCase();
  const value = part.slice(colon + 1);
  if (colon < 1 || value === '') return { kind: 'word', text: part };
  if (key === 'env') return { kind: 'environment', name: value };
  if (key === 'state' && STATES.includes(value)) return { kind: 'state', state: value };
  if (key === 'cycle' && (value === 'active' || value === 'none')) return { kind: 'cycle', active: value === 'active' };
  if (key.startsWith('label.')) return { kind: 'label', key: part.slice('label.'.length, colon), value };
  const number = NUMBERS.find((one) => one === key);
  const compared = /^([<>=]?)(\d+)$/.exec(value);
  if (number !== undefined && compared !== null) {
    const compare = compared[1] === '>' || compared[1] === '<' ? compared[1] : '=';
    return { kind: 'number', key: number, compare, value: Number(compared[2]) };
  }
  return { kind: 'word', text: part };
}
