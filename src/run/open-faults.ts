import { type FaultKind, isDisturbing } from '../model/fault-spec.ts';

/** A fault that is in force at some point of a plan. */
export interface OpenFault {
  readonly id: string;
  readonly kind: FaultKind;
  readonly node: string;
  readonly phase: string;
  /** `file:line:column` of the action that began it. */
  readonly place: string;
  /** When its duration ends it, in milliseconds since the run's start; null where it has none. */
  readonly endMs: number | null;
}

/** The faults in force at one point of a plan, and what they stand in the way of. */
export class OpenFaults {
  readonly #faults = new Map<string, OpenFault>();

  get nodes(): ReadonlySet<string> {
    return new Set([...this.#faults.values()].map(({ node }) => node));
  }

  /**
   * Why a fault cannot begin on a node, as a clause; null where it can. A node may be disturbed in several ways at once. But
   * one that is taken down loses what was put beside it, so neither may begin before the other has ended.
   */
  obstacle(kind: FaultKind, node: string): string | null {
    const down = this.takingDown(node);
    if (down !== undefined)
      return `it is down since \`${down.phase}\` (${down.kind}, ${down.place})${remedy(down, 'restart it first')}`;
    const open = this.of(kind, node) ?? (isDisturbing(kind) ? undefined : this.#any(node));
    if (open === undefined) return null;
    const otherwise = 'end that first (end_fault, or a duration_sec)';
    return `${open.kind} is in force on it since \`${open.phase}\` (${open.place})${remedy(open, otherwise)}`;
  }

  /** What has taken the node down, or made it stand still. */
  takingDown(node: string): OpenFault | undefined {
    return [...this.#faults.values()].find((open) => open.node === node && !isDisturbing(open.kind));
  }

  of(kind: FaultKind, node: string): OpenFault | undefined {
    return [...this.#faults.values()].find((open) => open.node === node && open.kind === kind);
  }

  add(fault: OpenFault): void {
    this.#faults.set(fault.id, fault);
  }

  /** False where it was not in force. */
  remove(id: string): boolean {
    return this.#faults.delete(id);
  }

  #any(node: string): OpenFault | undefined {
    return [...this.#faults.values()].find((open) => open.node === node);
  }
}

function remedy({ endMs }: OpenFault, otherwise: string): string {
  if (endMs === null) return `; ${otherwise}`;
  return `, until ${endMs / 1000} s by its duration_sec; shorten that, or begin later`;
}
