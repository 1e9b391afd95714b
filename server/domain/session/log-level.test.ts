import { expect, test } from 'vitest';
import { type LogLevel, levelOf } from './log-level.ts';

test.each<[string, LogLevel]>([
  ['{"level":"warn","msg":"slow"}', 'warn'],
  ['{"severity":"ERROR","message":"boom"}', 'error'],
  ['{"level":50,"msg":"boom"}', 'error'],
  ['{"level":40}', 'warn'],
  ['{"level":20,"msg":"an ERROR is expected here"}', 'debug'],
  ['{"msg":"no level"}', 'info'],
  ['{ this is no JSON: ERROR', 'error'],
  ['E1102 10:04:05.000001   12 main.go:7] boom', 'error'],
  ['W1102 10:04:05.000001   12 main.go:7] slow', 'warn'],
  ['I1102 10:04:05.000001   12 main.go:7] an ERROR that was expected', 'info'],
  ['F1102 10:04:05.000001   12 main.go:7] gone', 'error'],
  ['time="2026-11-02" level=warning msg="slow"', 'warn'],
  ['ts=1 level=ERROR msg=boom', 'error'],
  ['2026-11-02 10:04:05 ERROR boom', 'error'],
  ['2026-11-02 10:04:05 INFO no ERROR was seen', 'info'],
  ['WARNING: slow', 'warn'],
  ['DEBUG one more', 'debug'],
  ['[warn] slow', 'warn'],
  ['10:04 [ERROR] boom', 'error'],
  ['\u001b[31mERROR\u001b[0m boom', 'error'],
  ['error: no such file', 'error'],
  ['Error: boom', 'error'],
  ['TypeError: x is not a function', 'error'],
  ['Uncaught RangeError: too deep', 'error'],
  ['java.lang.IllegalStateException: boom', 'error'],
  ['panic: index out of range', 'error'],
  ['warning: unused variable', 'warn'],
  ['there was no error at all', 'info'],
  ['TERRORS and INFORMATION', 'info'],
  ['listening on 8080', 'info'],
  ['', 'info'],
  [`${'.'.repeat(300)} ERROR`, 'info'],
])('%s is %s', (text, level) => {
  expect(levelOf(text)).toBe(level);
});
