import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goJson, JsonText, memberTexts } from '../../../domain/instance/json-text.ts';
import { requestSchemas, requests, resultSchemas } from './instance-messages.ts';
import { decodeInterface, encodeInterface, refusalOf, splitPluginName } from './interface-spec.ts';
import { answerTo, requestText, resultOf } from './rpc.ts';
import { type CallCase, vectors, type WireCall } from './testdata/vectors.ts';

const ID = 4_611_686_018;
const calls = vectors('rpc').filter((one): one is CallCase => one.kind === 'call');

function requestOf(call: WireCall, type: string): string {
  if (call.fn === 'validate') {
    return requestText('Instance.Validate', requests.validate(type, asText(call.propertiesText)), ID);
  }
  if (call.fn === 'provision') {
    const { propertiesText, logicalID, ...spec } = call.spec;
    const wire = { ...spec, properties: asText(propertiesText), logicalId: logicalID };
    return requestText('Instance.Provision', requests.provision(type, wire), ID);
  }
  if (call.fn === 'label') return requestText('Instance.Label', requests.label(type, call.id, call.labels), ID);
  if (call.fn === 'destroy') return requestText('Instance.Destroy', requests.destroy(type, call.id, call.reason), ID);
  const params = requests.describeInstances(type, call.tags, call.properties);
  return requestText('Instance.DescribeInstances', params, ID);
}

function asText(text: string | null): JsonText {
  return new JsonText(text ?? 'null');
}

describe('the recorded exchanges', () => {
  test('every request of ours is byte for byte that of the source, numbers that JavaScript cannot hold included', () => {
    expect(calls).toHaveLength(136);
    for (const { name, call, exchange } of calls) {
      expect(requestOf(call, splitPluginName(name).type)).toBe(exchange.request.replace('"#ID"', String(ID)));
    }
  });

  test('every answer is read as the client of the source reads it, and a failure with its text', () => {
    for (const { call, exchange, clientResult, clientError } of calls) {
      const read = () => resultOf(exchange.response.replace('"#ID"', String(ID)), ID);
      if (clientError !== null) {
        expect(read).toThrow(expect.objectContaining({ code: -32000, message: clientError }));
      } else if (call.fn === 'provision') {
        expect(resultSchemas.provisioned.parse(read())).toBe(clientResult);
      } else if (call.fn === 'describeInstances') {
        expect(resultSchemas.described.parse(read())).toEqual(described(clientResult));
      } else {
        expect(read()).toMatchObject({ OK: true });
      }
    }
  });

  test('versions are negotiated, and interfaces and names are written and split, as recorded', () => {
    const cases = vectors('handshake').map((one) => Object(one));
    expect(cases).toHaveLength(17);
    for (const one of cases) {
      if ('clientWants' in one) {
        const { name, version } = one.clientWants;
        const wanted = { name, accepts: (offered: string) => offered === version, words: version };
        expect(refusalOf([decodeInterface(one.serverImplements)], wanted)).toBe(one.error);
      } else if ('decode' in one) {
        const { name, version, sub } = one;
        expect(decodeInterface(one.decode)).toEqual({ name, version, sub });
        expect(encodeInterface({ name, version, sub })).toBe(one.encode);
      } else {
        expect(splitPluginName(one.pluginName)).toEqual({ lookup: one.lookup, type: one.type });
      }
    }
  });
});

function described(result: unknown): unknown[] {
  const descriptions = Array.isArray(result) ? result.map((one) => Object(one)) : [];
  return descriptions.map(({ id, logicalID, tags, propertiesText }) => ({
    id,
    logicalId: logicalID,
    tags: tags ?? {},
    properties: JSON.parse(propertiesText ?? 'null'),
  }));
}

describe('answers to us', () => {
  test.each([
    ['', 'the answer is empty'],
    ['[]', 'none of JSON-RPC'],
    ['{"jsonrpc":"2.0","result":{}}', 'none of JSON-RPC'],
    [`{"jsonrpc":"2.0","result":{},"id":${ID + 1}}`, 'another request'],
  ])('%s is an error and no result', (text, words) => {
    expect(() => resultOf(text, ID)).toThrow(words);
  });

  test('an id may come back as a text, and Descriptions and Properties may be absent', () => {
    expect(resultOf(`{"result":{"Descriptions":null},"id":"${ID}"}`, ID)).toEqual({ Descriptions: null });
    expect(resultSchemas.described.parse({ Descriptions: null })).toEqual([]);
    expect(resultSchemas.described.parse({})).toEqual([]);
    expect(resultSchemas.described.parse({ Descriptions: [{ ID: '5577006791947779410', Tags: null }] })).toEqual([
      { id: '5577006791947779410', logicalId: null, tags: {}, properties: null },
    ]);
  });
});

test('whatever an id looks like, it is echoed as it was written', async () => {
  const ids = ['9223372036854775807', '-1', '1.0', '1e3', '"a\\u00e9"', 'true', '[ 1,2 ]', '{"id":[{"id":null}]}'];
  for (const id of ids) {
    const answer = await answerTo(`{"id": ${id} ,"jsonrpc":"2.0","method":"m"}`, async () => ({ done: true }));
    expect(answer).toBe(`{"jsonrpc":"2.0","result":{"done":true},"id":${id.replaceAll(' ', '')}}\n`);
  }
});

test('a text is taken apart into exactly its members, and put together as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (value, indentation) => {
      const text = JSON.stringify(value, null, indentation);
      const members = memberTexts(text).map(([key, member]) => [key, JSON.parse(member.text)]);
      expect(members).toEqual(Object.entries(JSON.parse(text)));
      expect(JSON.parse(goJson(new JsonText(text)))).toEqual(JSON.parse(text));
    }),
  );
});

test('tags are written in the order of their bytes, also those that look like numbers', () => {
  const params = requests.label('', 'i', { 9: 'a', 10: 'b', ' lead': 'c', '\u{10000}': 'd', '\ue000': 'e' });
  expect(goJson(params)).toBe(
    '{"Type":"","Instance":"i","Labels":{" lead":"c","10":"b","9":"a","\ue000":"e","\u{10000}":"d"}}',
  );
});

test('a key is found whatever its case, and one that is not known is passed over', () => {
  const request = { INSTANCE: 'i', labels: { A: 'b' }, Unknown: 1, type: null };
  expect(requestSchemas.Label.parse(request)).toEqual({ Type: '', Instance: 'i', Labels: { A: 'b' } });
});
