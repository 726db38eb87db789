import { type Content, html, type Markup } from './markup.ts';

/** A part of the report that the page's menu leads to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** In a word, for the menu. */
  readonly menu: string;
  readonly body: Content;
}

export function sectionMarkup({ id, title, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section>`;
}

/** A remark in small print. */
export function note(text: string): Markup {
  return html`<p class="note">${prose(text)}</p>`;
}

/** A sentence in which `backticks` stand around code. */
export function prose(text: string): Content {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

const marks = { passed: '✓', failed: '✕', inconclusive: '?', skipped: '–' } as const;
export type BadgeKind = keyof typeof marks;

/** A state in a word, by colour and by a sign. */
export function badge(kind: BadgeKind, text: string): Markup {
  return html`<span class="badge ${kind}"><span aria-hidden="true">${marks[kind]}</span> ${text}</span>`;
}
