import pg from 'pg';

/** The role that web and worker use: no superuser, owns nothing, and may only add to `activity`. */
export const PRODUCT_ROLE = 'roundhouse';

/** Gives the product's role what it needs on the tables as they are now. Call it as the owner after each migration. */
export async function grantToProduct(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'roundhouse grants' });
  await client.connect();
  try {
    await client.query(`
      begin;
      grant usage on schema public to ${PRODUCT_ROLE};
      grant select, insert, update, delete on all tables in schema public to ${PRODUCT_ROLE};
      grant usage, select on all sequences in schema public to ${PRODUCT_ROLE};
      revoke update, delete, truncate on activity from ${PRODUCT_ROLE};
      revoke insert, update, delete on _prisma_migrations from ${PRODUCT_ROLE};
      commit;
    `);
  } finally {
    await client.end();
  }
}
