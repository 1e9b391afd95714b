import { composeWeb } from './compose.ts';
import { env } from './env.ts';

/**
 * Prints one line of JSON: `{"link": …}`, a link by which the first administrator signs in within 15 minutes, or
 * `{"administrator": true}` when there is one.
 */
const environment = env();
const services = composeWeb(environment);
const token = await services.people.firstSignIn();
await services.close();
// In the fragment, which a browser sends to no server and writes to no log.
const answer = token === null ? { administrator: true } : { link: `${environment.publicUrl}/join#${token}` };
console.log(JSON.stringify(answer));
