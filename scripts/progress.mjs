let isLineOpen = false;

/** Does one step of a command and says so in a plain line with its duration. */
export async function step(name, work) {
  const since = performance.now();
  process.stdout.write(`${name} … `);
  isLineOpen = true;
  try {
    const result = await work();
    endLine(name, seconds(since));
    return result;
  } catch (error) {
    endLine(name, 'failed');
    throw error;
  }
}

/** Prints a line, on a line of its own even while a step is under way. */
export function say(line) {
  if (isLineOpen) process.stdout.write('\n');
  isLineOpen = false;
  console.log(line);
}

/** How long it took since `performance.now()` was `since`. */
export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function endLine(name, how) {
  console.log(isLineOpen ? how : `${name}: ${how}`);
  isLineOpen = false;
}
