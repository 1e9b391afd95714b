-- By hand: what Prisma's schema language cannot say.

-- The old count held new instances as well. Where a cycle goes on, its next turn counts again.
UPDATE "cycle" SET "progress" = "progress" - 'inWork' || '{"leaving": 0}' WHERE "progress" ? 'inWork';
