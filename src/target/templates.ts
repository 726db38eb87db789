import { drawAt } from '../model/draw-at.ts';
import { OrchError } from '../model/errors.ts';
import { parseTemplate, type Slot } from '../model/template.ts';
import type { Feeds } from './feed.ts';

/** A text of its own for each request, which the seed, the request's number and the turn (of a pipeline) alone decide. */
export type Fill = (seq: number, turn: number) => string;

export interface FillOptions {
  readonly seed: number;
  readonly feeds: Feeds;
  /** What `{{key}}` is, by a draw of [0, 1). */
  readonly keyOf?: ((draw: number) => string) | undefined;
  /** What `{{value}}` is. */
  readonly value?: string | undefined;
}

type Encode = (text: string) => string;

/** Targets draw with purposes from here on (load/purpose.ts has those below). */
const firstPurpose = 16;

/**
 * Compiles the texts of one operation. What is drawn has a draw for each place where it stands, but a key, and the row of a
 * feed, are the same throughout a request. Each turn of a pipeline has draws of its own.
 */
export class Templates {
  readonly #options: FillOptions;
  /** The draw of the key, and of the row of each feed. */
  readonly #shared = new Map<string, number>();
  #draws = 0;

  constructor(options: FillOptions) {
    this.#options = options;
  }

  /**
   * A text in which nothing stands for a value comes back as it is.
   * @param encode How a value is written where the text goes.
   * @param encodeLiteral How what stands between is.
   * @throws OrchError `yaml-invalid`
   */
  compile(text: string, encode: Encode = asItIs, encodeLiteral: Encode = asItIs): string | Fill {
    const { parts, mistakes } = parseTemplate(text);
    const [mistake] = mistakes;
    if (mistake !== undefined)
      throw new OrchError('yaml-invalid', `a request cannot be filled in: ${mistake}`);
    return joined(
      parts.map((part) => {
        if (typeof part === 'string') return encodeLiteral(part);
        const fill = this.#fillOf(part);
        if (typeof fill === 'string') return encode(fill);
        return encode === asItIs ? fill : (seq, turn) => encode(fill(seq, turn));
      }),
    );
  }

  #fillOf(slot: Slot): string | Fill {
    switch (slot.kind) {
      case 'seq':
        return String;
      case 'uuid':
        return this.#uuid();
      case 'random': {
        const draw = this.#wideDraw();
        const span = slot.max - slot.min + 1;
        return (seq, turn) => String(slot.min + Math.floor(draw(seq, turn) * span));
      }
      case 'pick': {
        const draw = this.#draw();
        const { words } = slot;
        return (seq, turn) => words[Math.floor(draw(seq, turn) * words.length)] ?? '';
      }
      case 'key': {
        const { keyOf } = this.#options;
        if (keyOf === undefined) throw missing('{{key}} needs `keys`');
        const draw = this.#draw('{{key}}');
        return (seq, turn) => keyOf(draw(seq, turn));
      }
      case 'value': {
        const { value } = this.#options;
        if (value === undefined) throw missing('{{value}} needs `value_bytes`');
        return value;
      }
      case 'column':
        return this.#column(slot.feed, slot.column);
    }
  }

  #column(name: string, column: string): Fill {
    const feed = this.#options.feeds.get(name);
    const index = feed?.columns.indexOf(column) ?? -1;
    if (feed === undefined || index < 0) throw missing(`there is no {{${name}.${column}}}`);
    const { rows, order } = feed;
    if (order === 'sequential') return (seq) => rows[seq % rows.length]?.[index] ?? '';
    const draw = this.#draw(name);
    return (seq, turn) => rows[Math.floor(draw(seq, turn) * rows.length)]?.[index] ?? '';
  }

  /** RFC 9562: 122 drawn bits, with the version (4) and the variant (binary 10) in their places. */
  #uuid(): Fill {
    const words = Array.from({ length: 4 }, () => this.#draw());
    return (seq, turn) => {
      const [a = '', b = '', c = '', d = ''] = words.map((draw) =>
        (draw(seq, turn) * 2 ** 32).toString(16).padStart(8, '0'),
      );
      const variant = '89ab'[Number.parseInt(c.charAt(0), 16) & 3] ?? '8';
      return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
    };
  }

  /** A draw of 53 bits, for ranges beyond the 32 that one has. */
  #wideDraw(): (seq: number, turn: number) => number {
    const high = this.#draw();
    const low = this.#draw();
    return (seq, turn) => high(seq, turn) + Math.floor(low(seq, turn) * 2 ** 21) / 2 ** 53;
  }

  /** @param shared The name of what is drawn once for all places. */
  #draw(shared?: string): (seq: number, turn: number) => number {
    const place = (shared === undefined ? undefined : this.#shared.get(shared)) ?? this.#draws++;
    if (shared !== undefined) this.#shared.set(shared, place);
    const { seed } = this.#options;
    return (seq, turn) => drawAt(seed, seq, firstPurpose + turn * this.#draws + place);
  }
}

/** Texts and fills, one after the other. */
export function joined(parts: readonly (string | Fill)[]): string | Fill {
  const merged: (string | Fill)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  const [only = ''] = merged;
  if (merged.length <= 1) return only;
  return (seq, turn) => {
    let text = '';
    for (const part of merged) text += typeof part === 'string' ? part : part(seq, turn);
    return text;
  };
}

function asItIs(value: string): string {
  return value;
}

function missing(what: string): OrchError {
  return new OrchError('yaml-invalid', `a request cannot be filled in: ${what}`);
}
