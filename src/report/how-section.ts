import type { GeneratorFacts, Manifest } from '../model/manifest.ts';
import type { ReportFacts } from './facts.ts';
import { count, ms, plural } from './figures.ts';
import { type Content, html, type Markup } from './markup.ts';
import { note, type Section } from './section.ts';
import { factList } from './table.ts';

/** What it takes to believe the run, and to repeat it. */
export function howSection({ manifest, run }: ReportFacts): Section {
  if (manifest === null)
    return {
      id: 'how',
      title: 'How it was run',
      menu: 'How it was run',
      body: [
        html`<p>That is not known: the run has rows, and no manifest.</p>`,
        factList('lines', [['Requests', accounting(run.run_summary)]]),
      ],
    };
  return {
    id: 'how',
    title: 'How it was run',
    menu: 'How it was run',
    body: [
      factList('lines', [
        [
          'Began',
          new Date(manifest.started_at_sec * 1000).toISOString().replace('T', ' ').replace('Z', ' UTC'),
        ],
        ['Status', manifest.reason === null ? manifest.status : `${manifest.status}: ${manifest.reason}`],
        ['Seed', manifest.seed],
        ['Nodes', manifest.nodes.map(({ name, url }) => `${name} (${url})`).join(', ')],
        ['Reached by', `${manifest.driver.name}: ${manifest.driver.reason}`],
        ['Made by', `orch ${manifest.versions.orch} on Node ${manifest.versions.node}`],
        ['On', hostText(manifest)],
        ['Requests', accounting(manifest.counts)],
        ...generatorFacts(manifest),
      ]),
      html`<h3>Once more</h3>
        <pre tabindex="0" aria-label="Command">${command(manifest)}</pre>`,
      html`<h3>Scenario</h3>
        <pre tabindex="0" aria-label="Scenario">${manifest.scenario.text}</pre>`,
      manifest.scenario.includes?.map(({ path, text }) => folded(`Included: ${path}`, text)) ?? null,
      folded('Config', JSON.stringify(manifest.config, null, 2)),
      note(`sha256 of the scenario: \`${manifest.scenario.sha256}\``),
    ],
  };
}

function folded(title: string, text: string): Markup {
  return html`<details>
    <summary>${title}</summary>
    <pre tabindex="0" aria-label="${title}">${text}</pre>
  </details>`;
}

function hostText({ host }: Manifest): string {
  return `${host.name}: ${host.os}, ${plural(host.cpus, 'processor')}, ${count(host.memory_mb)} MB`;
}

/** Nothing is silently missing. */
function accounting({ due, ok, fail, unknown, dropped }: Manifest['counts']): string {
  return `${count(due)} due = ${count(ok)} ok + ${count(fail)} failed + ${count(unknown)} without an answer + ${count(dropped)} not sent`;
}

function generatorFacts({ generator, schedule_lag: lag }: Manifest): readonly (readonly [string, Content])[] {
  return [
    ...(lag === null
      ? []
      : [
          [
            'Sent late by',
            `p50 ${ms(lag.p50_ms)}, p99 ${ms(lag.p99_ms)}, at most ${ms(lag.max_ms)}`,
          ] as const,
        ]),
    ...(generator === undefined ? [] : [['Load generator', generatorText(generator)] as const]),
  ];
}

function generatorText(generator: GeneratorFacts): string {
  const { workers, in_flight_max: inFlight, event_loop_delay: delay, behind_sec, bottleneck } = generator;
  const loop =
    delay === null ? '' : `; its event loop was late by p99 ${ms(delay.p99_ms)}, at most ${ms(delay.max_ms)}`;
  const behind = behind_sec === 0 ? '' : `; behind its schedule in ${plural(behind_sec, 'second')}`;
  return `${plural(workers, 'thread')}, at most ${plural(inFlight, 'request')} in flight${loop}${behind}${bottleneck ? '; it was the bottleneck' : ''}`;
}

/** The same run again, for a shell. */
function command({ scenario, seed, mode, driver }: Manifest): string {
  const set = Object.entries(scenario.variables ?? {}).flatMap(([name, value]) => [
    '--set',
    `${name}=${[value].flat().join(',')}`,
  ]);
  const reached = driver.name === 'none' ? [] : ['--driver', driver.name];
  const words = [
    'orch',
    'run',
    '--scenario',
    scenario.path,
    '--mode',
    mode,
    ...reached,
    '--seed',
    String(seed),
  ];
  return [...words, ...set].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
