/** A value that holds from `x` on, in drawing units. */
export interface Step {
  readonly x: number;
  readonly y: number;
}

/** A band that holds from `x` on, from `base` up to `top`, in drawing units. */
export interface Band {
  readonly x: number;
  readonly base: number;
  readonly top: number;
}

/** The line of a value that changes in steps, up to `endX`. Empty without steps. */
export function stepLine(steps: readonly Step[], endX: number): string {
  const [first, ...rest] = steps;
  if (first === undefined) return '';
  let path = `M${round(first.x)} ${round(first.y)}`;
  let y = round(first.y);
  for (const step of rest) {
    const next = round(step.y);
    if (next === y) continue;
    path += `H${round(step.x)}V${next}`;
    y = next;
  }
  return `${path}H${round(endX)}`;
}

/** The outline of a band that changes in steps, up to `endX`. Where it has no height there is no outline. */
export function stepArea(bands: readonly Band[], endX: number): string {
  return runs(bands)
    .map(({ members, end }) => {
      const topLine = stepLine(
        members.map(({ x, top }) => ({ x, y: top })),
        end?.x ?? endX,
      );
      const baseLine = stepBack(members, end?.x ?? endX);
      return `${topLine}${baseLine}Z`;
    })
    .join('');
}

/** From the band's end back to its start, along its base. */
function stepBack(bands: readonly Band[], endX: number): string {
  let path = '';
  let x = endX;
  for (const band of bands.toReversed()) {
    path += `V${round(band.base)}H${round(band.x)}`;
    x = band.x;
  }
  return x === endX ? '' : path;
}

/** The stretches in which the band has a height, each with the band that ends it. */
function runs(bands: readonly Band[]): { members: Band[]; end: Band | undefined }[] {
  const found: { members: Band[]; end: Band | undefined }[] = [];
  let members: Band[] = [];
  for (const band of bands) {
    if (round(band.base) !== round(band.top)) {
      members.push(band);
    } else if (members.length > 0) {
      found.push({ members, end: band });
      members = [];
    }
  }
  if (members.length > 0) found.push({ members, end: undefined });
  return found;
}

/** The middle of the largest room for a label within a band, or null where there is none of that size. */
export function labelRoom(bands: readonly Band[], endX: number, width: number, height: number): Step | null {
  let best: { size: number; spot: Step } | null = null;
  for (let first = 0; first < bands.length; first++) {
    let ceiling = Number.NEGATIVE_INFINITY;
    let ground = Number.POSITIVE_INFINITY;
    for (let last = first; last < bands.length; last++) {
      const band = bands[last];
      const start = bands[first];
      if (band === undefined || start === undefined) break;
      // y grows downwards, so the highest base and the lowest top bound the room
      ceiling = Math.max(ceiling, band.top);
      ground = Math.min(ground, band.base);
      if (ground - ceiling < height) break;
      const room = (bands[last + 1]?.x ?? endX) - start.x;
      // beyond a few times the label's own size, more room makes no better place
      const size = Math.min(room, 3 * width) * Math.min(ground - ceiling, 3 * height);
      if (room >= width && size > (best?.size ?? 0))
        best = { size, spot: { x: start.x + room / 2, y: (ceiling + ground) / 2 } };
    }
  }
  return best?.spot ?? null;
}

/** Moves labels apart by at least `gap`, as little as it can, above `bottom`. The order of the values is kept. */
export function spreadLabels(ys: readonly number[], gap: number, bottom: number): number[] {
  const order = ys.map((_, index) => index).sort((a, b) => (ys[a] ?? 0) - (ys[b] ?? 0));
  const placed = [...ys];
  let floor = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    const y = Math.max(placed[index] ?? 0, floor);
    placed[index] = y;
    floor = y + gap;
  }
  let ceiling = bottom;
  for (const index of order.toReversed()) {
    const y = Math.min(placed[index] ?? 0, ceiling);
    placed[index] = y;
    ceiling = y - gap;
  }
  return placed;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
