// npm run generate
import { step } from './progress.mjs';
import { run } from './refusal.mjs';
import { generate } from './setup.mjs';

run(() => step('Generating the database client', generate));
