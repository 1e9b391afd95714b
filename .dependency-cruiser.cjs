const TEST = '(\\.(test|itest)\\.tsx?$|/testdata/|/test-[^/]+\\.ts$|-rig\\.ts$)';
/** Programs: they may know everything, and nothing imports them. */
const PROGRAMS = '^server/(compose|compose-back-ends|worker|first-sign-in|down)\\.ts$|^server/runner/chaos/';

/** @param {string} layer what it is called @param {string} allowed paths that it may import, packages included */
function only(layer, from, allowed, comment) {
  return {
    name: `${layer}-imports`,
    severity: 'error',
    comment,
    from: { path: from, pathNot: [TEST, PROGRAMS] },
    to: { pathNot: allowed },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two modules that import each other are one module in two files.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      comment: 'An import that is not found is checked by no other rule.',
      from: {},
      to: { couldNotResolve: true },
    },
    only('domain', '^server/domain/', ['^server/domain/'], 'The domain is plain TypeScript: no package, no Node.'),
    only(
      'contract',
      '^server/contract/',
      ['^server/(domain|contract)/', '^node_modules/(zod|yaml)/'],
      'The contract is for browser and server alike: the domain, and what parses: zod and yaml.',
    ),
    only(
      'services',
      '^server/services/',
      ['^server/(domain|contract|services)/', '^node_modules/zod/', '^(node:)?crypto$'],
      'Use cases speak to ports; adapters come in through compose.ts.',
    ),
    only(
      'runner',
      '^server/runner/',
      [
        '^server/(domain|contract|services|runner)/',
        '^node_modules/pino/',
        '^(node:)?(crypto|timers/promises|events)$',
      ],
      'Loops speak to ports; adapters come in through compose.ts.',
    ),
    {
      name: 'adapters-imports',
      severity: 'error',
      comment: 'Adapters implement ports of the domain. They know no use case, no loop and no page.',
      from: { path: '^server/adapters/', pathNot: [TEST] },
      to: { path: '^(server/(services|runner|api)/|server/[^/]+\\.ts$|app/|components/)' },
    },
    {
      name: 'api-imports',
      severity: 'error',
      comment: 'The API translates and calls a service. Of compose.ts it sees the type of what it is given.',
      from: { path: '^server/api/', pathNot: [TEST] },
      to: { path: '^(server/(adapters|runner)/|app/|components/)' },
    },
    {
      name: 'api-sees-compose-as-a-type',
      severity: 'error',
      comment: 'The API is given its services.',
      from: { path: '^server/api/', pathNot: [TEST] },
      to: { path: '^server/[^/]+\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'browser-imports',
      severity: 'error',
      comment:
        'Components and pages see the domain and the contract; a page prefetches through components/trpc/server.tsx.',
      from: { path: '^(app|components)/', pathNot: [TEST, '^app/.*/route\\.ts$', '^components/trpc/server\\.tsx$'] },
      to: { path: '^server/', pathNot: ['^server/(domain|contract)/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'browser-types',
      severity: 'error',
      comment: 'The only types that the browser takes from beyond the contract are those of the API.',
      from: { path: '^(app|components)/', pathNot: [TEST, '^app/.*/route\\.ts$', '^components/trpc/server\\.tsx$'] },
      to: { path: '^server/', pathNot: ['^server/(domain|contract|api)/'] },
    },
    {
      name: 'primitives-know-no-noun',
      severity: 'error',
      comment: 'components/ui is drawing alone: no word of the domain, no tRPC.',
      from: { path: '^components/ui/' },
      to: { path: ['^server/', '^components/(?!ui/)', '^node_modules/@trpc/'] },
    },
    {
      name: 'prisma-stays-home',
      severity: 'error',
      comment: 'How rows are kept is the concern of adapters/postgres; other adapters may use its client.',
      from: { pathNot: ['^server/adapters/postgres/', '^prisma\\.config\\.ts$'] },
      to: { path: '^node_modules/(@prisma|prisma)/' },
    },
    {
      name: 'prisma-client-stays-in-adapters',
      severity: 'error',
      comment: 'Repositories take and give objects of the domain.',
      from: { pathNot: ['^server/adapters/', PROGRAMS, TEST, '^(bench|prisma)/'] },
      to: { path: '^server/adapters/postgres/generated/' },
    },
    {
      name: 'server-knows-no-page',
      severity: 'error',
      comment: 'The server does without its console.',
      from: { path: '^server/' },
      to: { path: '^(app|components)/' },
    },
    {
      name: 'tests-stay-in-tests',
      severity: 'error',
      comment: 'What only tests need does not reach the product.',
      from: {
        path: '^(app|components|server)/',
        pathNot: [TEST, '/(conformance|fake-[^/]+|properties)\\.ts$'],
      },
      to: { path: ['^node_modules/(vitest|fast-check|@playwright)/', TEST] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/generated/'] },
    exclude: { path: ['^\\.next/', '^dist/'] },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
