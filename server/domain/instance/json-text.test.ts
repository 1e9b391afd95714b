import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedNumber } from './json-text.ts';

test.each(['0', '-0.0', '1.0', '1E3', '100e-2', '0.1', '1e-7', '123456789012345680000', '9007199254740992', '5e-324'])(
  '%s is a number that keeps its value',
  (number) => {
    expect(changedNumber(number)).toBeNull();
  },
);

test.each(['9007199254740993', '-12345678901234567890', '0.12345678901234567890', '1e400', '-1e-400', '4e-324'])(
  '%s is a number that would be changed',
  (number) => {
    expect(changedNumber(`{"before":["a:{",{"b":1}],"at":[{"c":1},${number}]}`)).toEqual({ path: 'at', number });
  },
);

test('what JavaScript has written itself it reads unchanged', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => changedNumber(JSON.stringify(value)) === null));
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => changedNumber(String(value)) === null),
  );
});
