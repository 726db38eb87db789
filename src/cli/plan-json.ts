import { shownUrl } from '../config/redact.ts';
import { conditionOfCheck } from '../model/condition.ts';
import type { Mode, NodeSpec } from '../model/node.ts';
import { chosenMeans } from '../run/choose-means.ts';
import { conditionText } from '../run/look-text.ts';
import { choicesOf } from '../run/plan.ts';
import { askText, type TimelineEntry, timelineOf } from '../run/timeline.ts';
import type { ShownPlan } from './plan-text.ts';

/** What a scenario will do, as data: what `orch plan --json` prints. */
export function planJson(
  { plan, scenario: { variables, includes }, chosen: { name, reason, engine }, seen, gates }: ShownPlan,
  run: { readonly mode: Mode; readonly seed: number },
): object {
  return {
    ...run,
    variables,
    includes: includes.map(({ path }) => path),
    driver: { name, reason, ...(engine === null ? {} : { engine }) },
    duration_sec: plan.endMs / 1000,
    ends_when_done: plan.endsWhenDone,
    nodes: plan.nodes.map((node) => ({
      name: node.name,
      kind: node.kind,
      url: shownUrl(node.url),
      state: seen.get(node.name)?.state ?? null,
      evidence: seen.get(node.name)?.evidence ?? null,
    })),
    timeline: timelineOf(plan).map(lineJson),
    choices: choicesOf(plan).map(({ atMs, phase, order: { action, nodes, from, why, rolling } }) => ({
      at_sec: atMs / 1000,
      phase,
      action,
      nodes: namesOf(nodes),
      from: namesOf(from),
      why,
      rolling,
    })),
    means: chosenMeans(plan),
    steady_state: plan.steadyState.map((check) => ({
      name: check.name,
      looks_at: conditionText(conditionOfCheck(check)),
      when: check.when,
      every_sec: check.every_sec,
    })),
    writes: plan.writes.map(({ name, nodes, readFrom, asked: { rps, wait } }) => ({
      name,
      nodes: namesOf(nodes),
      read_from: namesOf(readFrom),
      rps,
      wait,
    })),
    rollbacks: plan.rollbacks.map(askText),
    gates,
    blast_radius: plan.blastRadius,
    stop_when: plan.stopWhen.map(({ text }) => text),
    warnings: plan.warnings,
  };
}

function lineJson(entry: TimelineEntry): object {
  const { atMs, mayBeLater, phase, depth, does, condition, fault, means, touches, undo } = entry;
  return {
    at_sec: atMs / 1000,
    may_be_later: mayBeLater,
    phase,
    depth,
    does,
    if: condition,
    fault,
    means,
    touches,
    undo:
      undo === null
        ? null
        : {
            how: undo.how,
            at_sec: undo.atMs / 1000,
            may_be_later: undo.mayBeLater,
            by_end: undo.byEnd,
          },
  };
}

function namesOf(nodes: readonly NodeSpec[]): readonly string[] {
  return nodes.map(({ name }) => name);
}
