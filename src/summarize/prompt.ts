import type { Message } from './contract.ts';
import type { Facts } from './facts.ts';

/** What the model is asked. It sees the facts, and nothing else of the run. */
export function firstPrompt(facts: Facts, maxWords: number): Message[] {
  return [
    { role: 'system', content: rules(maxWords) },
    { role: 'user', content: `The facts:\n\n${JSON.stringify(facts, null, 1)}` },
  ];
}

function rules(maxWords: number): string {
  return [
    'You summarise a chaos experiment for engineers: a run under load, with or without injected faults, held against a baseline run.',
    `Write Markdown in plain English, at most ${maxWords} words. No title, no code fence, no preamble: headline and title are added.`,
    'Say what was done, what it cost in errors, throughput and latency, when it was anomalous, how recovery went, and what to look at next.',
    'The facts are JSON. The unit of a number ends its key or the key above it: _rps is requests/s, _ms, _sec, _pct is %, _points is percentage points; without one it is a count. Times in seconds count from the run’s first request.',
    'Use only numbers that stand in the facts. You may round them. Do not compute sums, ratios, differences or multiples, and do not write quantities in words such as “half”, “twice” or “a third”: use digits.',
    'Write every number with the unit of its fact, for example `9.1 %`, `143 ms`, `20 s`, `50 requests/s`. Separate thousands with a comma or not at all.',
    'Write names of nodes, phases and runs in full, exactly as they stand in the facts.',
    'Do not invent causes. What the facts do not say is unknown, and you say so. Where `conclusive` is false or there are warnings, say it first.',
  ].join('\n');
}

/** What the model is told about a text that was not accepted. */
export function correction(problem: string): Message {
  return {
    role: 'user',
    content: `This was not accepted: ${problem}. Write the whole text again, by the same rules, without that.`,
  };
}
