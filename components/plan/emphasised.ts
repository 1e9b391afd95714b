interface SentencePart {
  readonly text: string;
  readonly bold: boolean;
}

const numbers = /\d+ of \d+|(?<=below |Scale in |Start )\d+|(?<=About )\d[^()]*(?= \()/g;

/** Cuts the sentence of a plan into what decides (how many, the least in service, how long) and the rest. */
export function emphasised(sentence: string): SentencePart[] {
  const parts: SentencePart[] = [];
  let end = 0;
  for (const match of sentence.matchAll(numbers)) {
    if (match.index > end) parts.push({ text: sentence.slice(end, match.index), bold: false });
    parts.push({ text: match[0], bold: true });
    end = match.index + match[0].length;
  }
  if (end < sentence.length) parts.push({ text: sentence.slice(end), bold: false });
  return parts;
}
