import { describe, expect, test } from 'vitest';
import { indexAtOrAfter, linesOnPage, PAGE_LINES, pagesOf, withNews } from './log-window.ts';

const lines = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ line: from + index }));

describe('the pages in view', () => {
  test('are those that the lines lie on, and no others', () => {
    expect(pagesOf(0, 40, 200_000)).toEqual([0]);
    expect(pagesOf(490, 520, 200_000)).toEqual([0, 1]);
    expect(pagesOf(199_980, 200_050, 200_000)).toEqual([399]);
  });

  test('are none of an empty log', () => {
    expect(pagesOf(0, 40, 0)).toEqual([]);
  });

  test('stay few, however much is asked for', () => {
    expect(pagesOf(0, 200_000, 200_000).length).toBeLessThanOrEqual(4);
  });
});

test('the last page is as long as the log, all before it are full', () => {
  expect(linesOnPage(0, 1_204)).toBe(PAGE_LINES);
  expect(linesOnPage(2, 1_204)).toBe(204);
  expect(linesOnPage(3, 1_204)).toBe(0);
});

describe('lines that come', () => {
  test('stand after those of their page, each once', () => {
    expect(withNews(0, lines(0, 3), lines(2, 3))).toEqual(lines(0, 5));
  });

  test('of another page are left to that page', () => {
    expect(withNews(0, lines(0, PAGE_LINES), lines(PAGE_LINES, 2))).toEqual(lines(0, PAGE_LINES));
    expect(withNews(1, [], lines(PAGE_LINES - 1, 3))).toEqual(lines(PAGE_LINES, 2));
  });

  test('are not put behind a hole', () => {
    expect(withNews(0, lines(0, 3), lines(4, 2))).toEqual(lines(0, 3));
  });
});

test('a line is found among the matches, or the next one that matched', () => {
  const matches = [{ line: 3 }, { line: 10 }, { line: 11 }];
  expect([0, 3, 4, 11, 12].map((line) => indexAtOrAfter(matches, line))).toEqual([0, 0, 1, 2, -1]);
});
