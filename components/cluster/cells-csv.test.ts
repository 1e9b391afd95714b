import { expect, test } from 'vitest';
import type { InstanceCell } from '../../server/contract/instance.ts';
import { cellsCsv } from './cells-csv.ts';

const cell: InstanceCell = {
  id: 'web-1',
  state: 'started',
  health: null,
  protection: 'standby',
  closed: false,
  outdated: true,
  zone: null,
  version: 3,
};

test('each instance is a line, and what is not known is empty', () => {
  expect(cellsCsv([cell])).toBe(
    'id,state,health,outdated,protection,closed,zone,version\nweb-1,started,,true,standby,false,,3\n',
  );
});

test('a spreadsheet takes no name for a formula and no comma for a border', () => {
  const [, line] = cellsCsv([{ ...cell, id: '=1+1', zone: 'a,b' }]).split('\n');
  expect(line).toBe(`'=1+1,started,,true,standby,false,"a,b",3`);
});
