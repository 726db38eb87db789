import type { Analysis } from '../model/analysis.ts';
import type { LlmConfig } from '../model/config.ts';
import { messageOf } from '../model/errors.ts';
import type { TextModel } from './contract.ts';
import type { Facts } from './facts.ts';
import { factsOf } from './gather.ts';
import { correction, firstPrompt } from './prompt.ts';
import { problemWith } from './review.ts';
import { withoutKey } from './secret.ts';
import { shownFacts } from './shown.ts';
import { modelSummary, templateSummary } from './template.ts';

export interface SummarizeOptions {
  readonly config: LlmConfig;
  /** Of the model's server. Never stands in the summary, its reason or an error. */
  readonly apiKey: string | undefined;
  /** Who writes; left out, the one that `config` names. */
  readonly model?: TextModel;
}

export interface WrittenSummary {
  readonly markdown: string;
  readonly source: 'model' | 'template';
  /** Why the template was used; null where it was not. */
  readonly reason: string | null;
}

/**
 * An analysis in words. A model writes it where one may be asked and keeps to the facts; otherwise it is made from a template
 * of the same facts, which says why. Never throws for what a model or its server does.
 */
export async function summarize(analysis: Analysis, options: SummarizeOptions): Promise<WrittenSummary> {
  const facts = factsOf(analysis);
  const shown = shownFacts(facts);
  const answer = await ask(facts, options);
  if ('text' in answer) {
    return {
      markdown: modelSummary(shown, answer.text, options.config.model),
      source: 'model',
      reason: null,
    };
  }
  return { markdown: templateSummary(shown, answer.reason), source: 'template', reason: answer.reason };
}

type Answer = { readonly text: string } | { readonly reason: string };

async function ask(facts: Facts, options: SummarizeOptions): Promise<Answer> {
  const { config } = options;
  const apiKey = options.apiKey?.trim() ?? '';
  if (!config.enabled) return { reason: 'llm.enabled is false in the config' };
  if (options.model === undefined && apiKey === '') return { reason: 'GROQ_API_KEY is not set' };
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), config.timeout_sec * 1000);
  try {
    const model = options.model ?? (await import('./groq.ts')).groqModel(config, apiKey);
    return await converse(facts, { model, config, apiKey, signal: deadline.signal });
  } catch (error) {
    if (deadline.signal.aborted) return { reason: `the model gave no answer within ${config.timeout_sec} s` };
    return { reason: `the model could not be asked: ${oneLine(withoutKey(messageOf(error), apiKey))}` };
  } finally {
    clearTimeout(timer);
    deadline.abort();
  }
}

interface Talk {
  readonly model: TextModel;
  readonly config: LlmConfig;
  readonly apiKey: string;
  readonly signal: AbortSignal;
}

/** Asks, and once more where the text cannot be used. */
async function converse(facts: Facts, { model, config, apiKey, signal }: Talk): Promise<Answer> {
  const conversation = firstPrompt(shownFacts(facts), config.max_words);
  const problems: string[] = [];
  while (problems.length < 2) {
    const written = await orAborted(model.write(conversation, signal), signal);
    const text = withoutKey(written, apiKey).trim();
    const problem =
      text === written.trim() ? problemWith(text, facts, config.max_words) : 'the text repeats the API key';
    if (problem === null) return { text };
    problems.push(problem);
    conversation.push({ role: 'assistant', content: text }, correction(problem));
  }
  return { reason: `the model’s text was rejected twice; at last, ${oneLine(problems.at(-1) ?? '')}` };
}

/** A model that does not listen to its signal is not waited for. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    promise.then(resolve, reject);
  });
}

/** A server may answer with a page; a reason is a line. */
function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
