import { defineConfig, type OxlintOverride } from 'oxlint';
import { apart, levels } from './tools/import-law.ts';

/** For each room: the rooms on its own level and above, which it must not import. */
const direction: OxlintOverride[] = levels.flatMap((level, height) =>
  level.map((room): OxlintOverride => {
    const banned = [...levels.slice(height).flat(), ...apart].filter((other) => other !== room);
    const isFile = room.endsWith('.ts');
    return {
      files: [isFile ? `src/${room}` : `src/${room}/**/*.ts`],
      excludeFiles: ['**/*.test.ts', '**/*.contract.ts'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: isFile
              ? [{ regex: '^\\./testing/', message: 'testing/ is for tests only.' }]
              : banned.map((other) => ({
                  regex: `^\\.\\./${other.replace('.', '\\.')}(/|$)`,
                  message: `src/${room} must not import src/${other}: imports go downward only (src/README.md).`,
                })),
          },
        ],
      },
    };
  }),
);

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'promise', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['dist', 'runs', 'coverage'],
  rules: {
    'import/no-cycle': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-explicit-any': 'error',
    'import/no-default-export': 'error',
    eqeqeq: 'error',
    'no-console': 'error',
    // The compiler knows that a switch is exhaustive; this rule does not.
    'typescript/consistent-return': 'off',
    'no-shadow': 'off',
    'no-await-in-loop': 'off',
    'import/no-unassigned-import': 'off',
    'promise/always-return': 'off',
    'import/no-named-as-default-member': 'off',
    // It is about windows of browsers, and takes worker threads for them.
    'unicorn/require-post-message-target-origin': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/consistent-function-scoping': 'off',
  },
  overrides: [
    ...direction,
    {
      files: ['test/**/*.ts', '**/*.test.ts', '**/*.contract.ts', 'src/testing/**/*.ts'],
      rules: {
        // What a test reads back is asserted on, not trusted.
        'typescript/no-unsafe-type-assertion': 'off',
        'typescript/require-array-sort-compare': 'off',
      },
    },
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
});
