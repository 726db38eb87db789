import type { YamlPath } from '../config/yaml.ts';

/** Something told of a place in the experiment. */
export interface Told {
  /** `experiment.json:12:7` */
  readonly where: string;
  readonly message: string;
}

/** What is told while an experiment becomes a scenario. */
export class Ledger {
  readonly #where: (path: YamlPath) => string;
  readonly #unsupported: Told[] = [];
  readonly #remarks: Told[] = [];
  readonly #general = new Set<string>();
  readonly #comments = new Map<object, string[]>();

  constructor(where: (path: YamlPath) => string) {
    this.#where = where;
  }

  /** `experiment.json:12:7` */
  placeOf(path: YamlPath): string {
    return this.#where(path);
  }

  /** What has no counterpart: it is missing in the scenario, or does something else there. */
  refuse(path: YamlPath, message: string): void {
    this.#unsupported.push({ where: this.#where(path), message });
  }

  /** What the user should know. */
  tell(path: YamlPath, message: string): void {
    this.#remarks.push({ where: this.#where(path), message });
  }

  /** What the user should know of a part of the scenario: told, and a comment there. */
  remark(path: YamlPath, part: object, message: string): void {
    this.tell(path, message);
    this.comment(part, message);
  }

  /** What stands as a comment at a part of the scenario. */
  comment(part: object, message: string): void {
    this.#comments.set(part, [...(this.#comments.get(part) ?? []), message]);
  }

  /** What holds of the scenario as a whole: a comment at its head, once. */
  generally(message: string): void {
    this.#general.add(message);
  }

  get unsupported(): readonly Told[] {
    return inOrder(this.#unsupported);
  }

  get remarks(): readonly Told[] {
    return inOrder(this.#remarks);
  }

  get general(): readonly string[] {
    return [...this.#general];
  }

  commentsOn(part: object): readonly string[] {
    return this.#comments.get(part) ?? [];
  }
}

/** In the file's order, each once: an activity that others refer to is worked on for each of them. */
function inOrder(all: readonly Told[]): readonly Told[] {
  const once = new Map(all.map((told) => [`${told.where} ${told.message}`, told]));
  const place = ({ where }: Told) => where.split(':').slice(-2).map(Number);
  return [...once.values()].sort((one, other) => {
    const [line = 0, column = 0] = place(one);
    const [otherLine = 0, otherColumn = 0] = place(other);
    return line - otherLine || column - otherColumn;
  });
}
