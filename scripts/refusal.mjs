/** Why a command cannot go on: one clear sentence for the person at the terminal, without a stack. */
export class Refusal extends Error {
  name = 'Refusal';
}

/** Runs a command's main function; a failure ends the process with a code that is not 0. */
export async function run(main) {
  try {
    await main();
  } catch (error) {
    const isExpected = error instanceof Refusal || error?.name === 'EnvError';
    console.error(isExpected ? error.message : error);
    process.exit(1);
  }
}
