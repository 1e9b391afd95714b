import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

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
  if (wrong.length > 0) return { value: null, problems: wrong };
  const value = contentOf(document);
  if (value instanceof Error) return { value: null, problems: [{ path: '', line: null, message: value.message }] };
  const read = schema.safeParse(value);
  if (read.success) return { value: read.data, problems: [] };
  return { value: null, problems: read.error.issues.flatMap((issue) => problemsOf(issue, document, lineAt)) };
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
