import { type Encodable, goJson } from '../../../domain/instance/json-text.ts';
import type { Json } from '../../../domain/instance/plugin.ts';
import { requests, results } from './instance-messages.ts';
import { INSTANCE } from './interface-spec.ts';

/** Who made a plugin. Source: docker/infrakit `spi.VendorInfo`. */
export interface Vendor {
  readonly name: string;
  readonly version: string;
  readonly url: string;
}

/** `/info/api.json`: every method with an example. The ids of the examples are the time in seconds. */
export function apiText(vendor: Vendor | null, example: Json, now: number): string {
  const { name, version, sub } = INSTANCE;
  const spec = { Name: name, Version: version, Sub: sub };
  const empty = { properties: example, tags: null, init: '', logicalId: null, attachments: null };
  const undone = { ...results.done(''), OK: false };
  const id = Math.floor(now / 1000);
  const method = (called: string, params: Encodable, result: Encodable) => ({
    Request: { jsonrpc: '2.0', method: `Instance.${called}`, params, id },
    Response: { result, id },
  });
  const Methods = [
    method('DescribeInstances', requests.describeInstances('', null, false), results.described('', null)),
    method('Destroy', requests.destroy('', '', ''), undone),
    method('Label', requests.label('', '', null), undone),
    method('Provision', requests.provision('', empty), results.provisioned('', null)),
    method('Validate', requests.validate('', example), undone),
  ];
  return goJson({
    Vendor: vendor && { Name: vendor.name, Version: vendor.version, Sub: '', URL: vendor.url },
    Implements: [spec],
    Interfaces: [{ ...spec, Methods }],
  });
}

/** `/info/functions.json`: what templates of InfraKit's tools may call. A plugin of ours adds nothing to it. */
export function functionsText(): string {
  const builtin = FUNCTIONS.map(([Name, signature, usage, description]) => ({
    Name,
    Description: [description],
    Function: `func${signature}`,
    Usage: `{{ ${Name} ${usage}}}`,
  }));
  return JSON.stringify({ builtin }, null, 2);
}

const ANY_TO_ANY = '(interface {}) (interface {}, error)';
const ANY_TO_TEXT = '(interface {}) (string, error)';
const URL_TO_TEXT = '(string, ...interface {}) (string, error)';
const URL_USAGE = '"string" [  ... ] ';

/** Source: docker/infrakit `pkg/template`, at the revision whose wire format we keep. */
const FUNCTIONS: readonly (readonly [name: string, signature: string, usage: string, description: string])[] = [
  [
    'fetch',
    URL_TO_TEXT,
    URL_USAGE,
    'Fetches a resource without evaluation as template. The results are cached locally by the url fetched from.',
  ],
  ['raw', URL_TO_TEXT, URL_USAGE, 'The bytes of a resource, not cached.'],
  ['source', URL_TO_TEXT, URL_USAGE, 'Evaluates the template of a URL in this context, which it may change.'],
  ['include', URL_TO_TEXT, URL_USAGE, 'Evaluates the template of a URL in a copy of this context, and gives its text.'],
  ['loop', '(int) []struct {}', 'int ', 'As many items as said, to range over.'],
  ['var', '(string, ...interface {}) interface {}', URL_USAGE, 'Gives a global variable, or sets it.'],
  ['q', '(string, interface {}) (interface {}, error)', '"string" any ', 'Queries an object by JMESPath.'],
  ['yamlEncode', ANY_TO_TEXT, 'any ', 'An object as YAML.'],
  ['yamlDecode', ANY_TO_ANY, 'any ', 'YAML as an object.'],
  ['jsonEncode', ANY_TO_TEXT, 'any ', 'An object as JSON.'],
  [
    'jsonEncodeIndent',
    '(string, string, interface {}) (string, error)',
    '"string" "string" any ',
    'An object as JSON on lines of their own, with a prefix and an indentation.',
  ],
  ['jsonDecode', ANY_TO_ANY, 'any ', 'JSON as an object.'],
  ['unixtime', '() interface {}', '', 'Seconds since 1970.'],
  ['lines', '(interface {}) ([]string, error)', 'any ', 'The lines of a text.'],
  [
    'index_of',
    '(interface {}, interface {}, ...bool) int',
    'any any [ bool ... ] ',
    'Where the first stands in the second.',
  ],
  [
    'indexOf',
    '(interface {}, interface {}, ...bool) int',
    'any any [ bool ... ] ',
    'Where the first stands in the second.',
  ],
  ['iniDecode', '(string) (map[string]interface {}, error)', '"string" ', 'An INI file as an object.'],
  ['hclDecode', ANY_TO_ANY, 'any ', 'HCL as an object.'],
  ['escape', '([]uint8) []uint8', '[ uint8 ... ] ', 'Keeps braces from being evaluated.'],
  ['unescape', '([]uint8) []uint8', '[ uint8 ... ] ', 'Lets escaped braces be evaluated again.'],
  ['echo', '(...interface {}) string', '[  ... ] ', 'Prints to stderr; adds nothing to the text.'],
];
