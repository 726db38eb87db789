/** What is drawn for a request: each has draws of its own (`drawAt`). A target draws from 16 on. */
export const purpose = { node: 0, operation: 1, gap: 2 } as const;
