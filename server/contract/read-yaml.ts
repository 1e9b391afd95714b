import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { changedNumber, notKept } from '../domain/instance/json-text.ts';

/** What is wrong in a text, and where; the line is null where it is nowhere. */
export interface YamlProblem {
  readonly path: string;
  readonly line: number | null;
  readonly message: string;
}

type Path = readonly PropertyKey[];

/** What a text says, or everything that is wrong with it. With `merge` the key `<<` takes over another map's members. */
export function readYaml<T>(
  text: string,
  schema: z.ZodType<T>,
  { merge = false } = {},
):
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: null; readonly problems: readonly YamlProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const wrong = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    path: '',
    line: lineAt(pos[0]),
    message,
  }));
  const changed = changedNumbers(document, lineAt);
  if (wrong.length + changed.length > 0) return { value: null, problems: [...wrong, ...changed] };
  const value = contentOf(document);
  if (value instanceof Error) return { value: null, problems: [{ path: '', line: null, message: value.message }] };
  const read = schema.safeParse(value);
  if (read.success) return { value: read.data, problems: [] };
  return { value: null, problems: read.error.issues.flatMap((issue) => problemsOf(issue, document, lineAt)) };
}

/** What is a number in JSON too, and would be another one once it is read. */
function changedNumbers(document: Document, lineAt: (offset: number) => number): YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, {
    Scalar(_key, node, ancestors) {
      const { source, value, range } = node;
      if (typeof value !== 'number' || !/^-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(source ?? '')) return;
      const changed = changedNumber(source ?? '');
      if (changed === null) return;
      const line = range ? lineAt(range[0]) : null;
      problems.push({ path: pathOf([...ancestors, node]), line, message: notKept(changed.number) });
    },
  });
  return problems;
}

/** The names on the way to a node, and the places of items. */
function pathOf(ancestors: readonly unknown[]): string {
  return ancestors
    .flatMap((one, index) => {
      if (isPair(one)) return [String(one.key)];
      return isSeq(one) ? [String(one.items.findIndex((item) => item === ancestors[index + 1]))] : [];
    })
    .join('.');
}

/** An alias that grows without end, or that is not there, is found only here. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function problemsOf(issue: z.core.$ZodIssue, document: Document, lineAt: (offset: number) => number): YamlProblem[] {
  const line = (path: Path) => {
    const offset = offsetOf(document, path);
    return offset === null ? null : lineAt(offset);
  };
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const message = issue.message.startsWith('Unrecognized') ? 'is no field that we know' : issue.message;
      return { path: path.join('.'), line: line(path), message };
    });
  }
  const isMissing = issue.code === 'invalid_type' && issue.path.length > 0 && !document.hasIn(issue.path);
  return [
    {
      path: issue.path.join('.'),
      line: line(issue.path),
      message: isMissing ? 'is missing' : lowerCase(issue.message),
    },
  ];
}

/** Where the key or the item stands; of what is missing, where it belongs. */
function offsetOf(document: Document, path: Path): number | null {
  const parent = path.length === 0 ? null : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const key = parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === last)?.key;
    if (isNode(key) && key.range) return key.range[0];
  }
  const node = document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? null : offsetOf(document, path.slice(0, -1));
}

function lowerCase(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}
