import { z } from 'zod';

/**
 * zod as a program needs it that reads a few files and ends. A schema is used once or twice, so that code made for it would
 * cost more than it saves; and no value that is checked holds itself (YAML that does is refused before), so that nothing need
 * be kept track of for that. With both, the first check of a scenario takes several times as long.
 */
z.config({
  jitless: true,
  memoizer: { attach: () => {}, guard: () => {}, alloc: (_schema, _payload, empty) => empty },
});

export { z };
