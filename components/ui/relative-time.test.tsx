import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Lasted } from '@/components/ui/relative-time';

test('a length of time is that of its two ends, not of their seconds', () => {
  expect(renderToStaticMarkup(<Lasted from={100} to={10_100} />)).toContain('0:10');
  expect(renderToStaticMarkup(<Lasted from={900} to={10_100} />)).toContain('0:09');
});
