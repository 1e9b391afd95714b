'use client';

import type { WantDraft } from '@/components/pool/reserve-draft';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Glyph } from '@/components/ui/glyph';
import { NumberInput } from '@/components/ui/number-input';
import { Select } from '@/components/ui/select';
import type { PoolRow } from '@/server/contract/pool.ts';

interface WantRowsProps {
  rows: readonly WantDraft[];
  pools: readonly PoolRow[];
  invalid: string | undefined;
  onChange: (rows: readonly WantDraft[]) => void;
}

/** How many machines of which pools: a row for each pool. */
export function WantRows({ rows, pools, invalid, onChange }: WantRowsProps) {
  const options = pools.map(({ name, parts, capacity }) => ({
    value: name,
    label: `${name} (${parts.available} free of ${capacity})`,
  }));
  const change = (key: number, changed: Partial<WantDraft>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...changed } : row)));
  const unused = pools.find(({ name }) => rows.every((row) => row.pool !== name));
  const add = () => {
    const key = Math.max(...rows.map((row) => row.key)) + 1;
    onChange([...rows, { key, pool: unused?.name ?? '', count: 1 }]);
  };
  return (
    <fieldset className="grid gap-2">
      <legend className="sr-only">Machines</legend>
      {rows.map((row, index) => (
        <div key={row.key} className="flex items-start gap-2">
          <Field label={rows.length === 1 ? 'Pool' : `Pool ${index + 1}`} className="min-w-0 flex-1">
            <Select options={options} value={row.pool} onChange={(pool) => change(row.key, { pool })} />
          </Field>
          <Field label={rows.length === 1 ? 'Machines' : `Machines ${index + 1}`} className="w-24">
            <NumberInput value={row.count} min={1} max={1_000} onChange={(count) => change(row.key, { count })} />
          </Field>
          {rows.length > 1 && (
            <div className="pt-5">
              <Button
                variant="quiet"
                aria-label={`Remove ${row.pool}`}
                onClick={() => onChange(rows.filter((other) => other.key !== row.key))}
              >
                <Glyph shape="close" />
              </Button>
            </div>
          )}
        </div>
      ))}
      {invalid !== undefined && (
        <p role="alert" className="text-12 text-bad">
          {invalid}
        </p>
      )}
      {unused !== undefined && (
        <div>
          <Button size="small" onClick={add}>
            Add another pool
          </Button>
        </div>
      )}
    </fieldset>
  );
}
