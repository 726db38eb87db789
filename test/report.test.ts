/// <reference lib="dom" />
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Unstamped } from '../src/model/event.ts';
import { metricsColumns } from '../src/store/columns.ts';
import { needs } from '../src/testing/requirements.ts';
import { csvOf, eventsOf, manifestOf, rowsAt } from '../src/testing/run-files.ts';
import { Workshop } from './support.ts';

/** A name that would do something, were it ever more than text. */
const evil = '<script>window.evil=1</script>';
const zeroSec = 1000;

/** Thirty seconds of which ten are broken at one of three nodes, as the files of a run say it. */
function writeRuns(shop: Workshop): void {
  const nodes = ['a', evil, 'c'];
  const isBroken = (sec: number, node: string) => node === evil && sec >= 10 && sec < 20;
  const rows = (broken: boolean) =>
    rowsAt({ from: zeroSec, rps: 60, count: 1800 }, (sec, index) => {
      const node = nodes[index % 3]!;
      const latency_ms = 10 + (index % 7);
      const phase = sec < 10 ? 'warmup' : sec < 20 ? 'failure' : 'recovery';
      const usual = { node, latency_ms, service_ms: latency_ms, phase, op: 'GET /' };
      if (!broken || !isBroken(sec, node)) return { ...usual, outcome: 'ok' };
      return { ...usual, outcome: 'fail', status_code: 0, error: `${evil} refused` };
    });
  const fault = { type: 'fault', id: 'f1', kind: 'kill', node: evil, phase: 'failure' } as const;
  const events: (readonly [number, Unstamped])[] = [
    [0, { type: 'phase_started', phase: 'warmup', duration_sec: 10 }],
    [0, { type: 'load_changed', phase: 'warmup', rps: 60, nodes }],
    [10, { type: 'phase_ended', phase: 'warmup' }],
    [10, { type: 'phase_started', phase: 'failure', duration_sec: 10 }],
    [9.98, { ...fault, state: 'requested', undo: undoNote }],
    [10, { ...fault, state: 'effective' }],
    [19.9, { ...fault, state: 'undo_requested' }],
    [19.95, { ...fault, state: 'undone' }],
    [20, { ...fault, state: 'verified' }],
    [20, { type: 'phase_ended', phase: 'failure' }],
    [20, { type: 'phase_started', phase: 'recovery', duration_sec: 10 }],
    [30, { type: 'phase_ended', phase: 'recovery' }],
    [30, { type: 'load_changed', phase: '', rps: 0, nodes: [] }],
    [30, { type: 'run_ended', status: 'complete' }],
  ];
  const counts = (fail: number) => ({ due: 1800, ok: 1800 - fail, fail, unknown: 0, dropped: 0 });
  for (const [id, broken, fail] of [
    ['calm', false, 0],
    ['failure', true, 200],
  ] as const) {
    const scenario = { name: `${id} ${evil}`, path: 'x.yaml', sha256: '0', text: `name: ${evil}\n` };
    const manifest = manifestOf({ run_id: id, scenario, counts: counts(fail), ended_at_sec: zeroSec + 30 });
    mkdirSync(shop.path('runs', id), { recursive: true });
    writeFileSync(shop.path('runs', id, 'metrics.csv'), csvOf(rows(broken), metricsColumns));
    writeFileSync(shop.path('runs', id, 'manifest.json'), manifest);
    if (broken) writeFileSync(shop.path('runs', id, 'events.jsonl'), eventsOf(zeroSec, events));
  }
}

const stillness = { name: 'prefers-reduced-motion', value: 'reduce' };
const undoNote = { driver: 'process', incarnation: 'pid 1', settle_ms: 0, limit_ms: 60_000, how: 'start it' };

describe.skipIf(!needs('chromium'))('report.html in a browser without a network', () => {
  const shop = new Workshop();
  const asked: string[] = [];
  const complaints: string[] = [];
  let browser: Browser;
  let page: Page;
  let address: string;

  beforeAll(async () => {
    writeRuns(shop);
    const options = ['--run', 'failure', '--baseline', 'calm', '--gate', 'error_rate < 20%'];
    const { code, stdout, stderr } = await shop.orch(['report', ...options]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'runs/failure/report.html\n', stderr: '' });
    address = pathToFileURL(shop.path('runs/failure/report.html')).href;
    browser = await launch({
      executablePath: execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim(),
      // A container's root has no sandbox; the rest keeps the browser from asking its maker for things.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-quic',
        '--disable-background-networking',
        '--no-first-run',
      ],
      userDataDir: shop.path('browser'),
    });
    page = await browser.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    // Scrolls at once.
    await page.emulateMediaFeatures([stillness]);
    page.setDefaultTimeout(5000);
    await page.setOfflineMode(true);
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(address);
    await page.waitForSelector('#tools:not([hidden])');
  });
  afterAll(async () => {
    await browser?.close();
    shop.close();
  });

  const textOf = (selector: string) => page.$eval(selector, (element) => element.textContent ?? '');
  /** The numbers below the last panel. */
  const ticks = () =>
    page.$$eval('#plot svg .role-axis-label text', (labels) => labels.map(({ textContent }) => textContent));

  it('says first what the run came to', async () => {
    expect(await textOf('h1')).toBe('Its gate passed.');
    expect(await textOf('.verdict .more')).toContain(`${evil} recovered 10`);
    expect(await textOf('#gates')).toContain('error_rate < 20%');
  });

  it('zooms by button, wheel, drag and key, and comes back', async () => {
    const all = await ticks();
    expect(await textOf('#shown')).toBe('all 30 s');
    await page.click('[data-do="in"]');
    expect(await textOf('#shown')).toBe('7.5–22.5 of 30.0 s');
    await page.waitForFunction(
      (before) => document.querySelector('#plot svg')?.textContent !== before,
      {},
      all.join(''),
    );
    expect(await ticks()).not.toEqual(all);
    const { left, top, width } = await page.$eval('#plot', (plot) => {
      plot.scrollIntoView({ block: 'center' });
      const { left, top, width } = plot.getBoundingClientRect();
      return { left, top, width };
    });
    await page.mouse.move(left + width / 2, top + 200);
    await page.keyboard.down('Control');
    await page.mouse.wheel({ deltaY: -100 });
    await page.keyboard.up('Control');
    await page.waitForFunction(() => document.querySelector('#shown')?.textContent !== '7.5–22.5 of 30.0 s');
    await page.focus('#plot');
    await page.keyboard.press('0');
    expect(await textOf('#shown')).toBe('all 30 s');
    await page.mouse.move(left + 300, top + 200);
    await page.mouse.down();
    await page.mouse.move(left + 600, top + 200, { steps: 3 });
    await page.mouse.up();
    expect(await textOf('#shown')).toMatch(/^[\d.]+–[\d.]+ of 30\.0 s$/);
    await page.click('[data-do="all"]');
    expect(await textOf('#shown')).toBe('all 30 s');
  });

  it('tells a second’s figures under the pointer, and by keys', async () => {
    const { left, top, width } = await page.$eval('#plot', (plot) => {
      const { left, top, width } = plot.getBoundingClientRect();
      return { left, top, width };
    });
    await page.mouse.move(left + 72 + ((width - 72 - 14) * 12.5) / 30, top + 150);
    const told = await textOf('#reading');
    expect(told).toContain('Second 12, failure');
    expect(told).toContain('failed20');
    expect(told).toContain(`f1: ${evil} kill`);
    await page.mouse.move(0, 0);
    await page.focus('#plot');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight'] as const) await page.keyboard.press(key);
    expect(await textOf('#reading')).toContain('Second 2, warmup');
    await page.keyboard.press('Escape');
    expect(await page.$eval('#reading', (reading) => (reading as HTMLElement).hidden)).toBe(true);
  });

  it.each(['light', 'dark'])(
    'breaks no rule of accessibility in its %s theme, contrast among them',
    async (theme) => {
      await page.emulateMediaFeatures([stillness, { name: 'prefers-color-scheme', value: theme }]);
      await page.evaluate(readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8'));
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(found).toEqual([]);
    },
  );

  it('has a switch of its own for the theme', async () => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await paper();
    await page.click('#theme');
    expect(await paper()).not.toBe(before);
    await page.click('#theme');
    expect(await paper()).toBe(before);
  });

  it('shows every column of its tables on a small desk, however long their sentences are', async () => {
    await page.setViewport({ width: 1280, height: 800 });
    const scrolled = await page.evaluate(() => {
      const sentence = 'of 4,000 requests that were due at service-node-2 while it was away '.repeat(3);
      for (const cell of document.querySelectorAll('tbody .prose')) cell.textContent = sentence;
      const boxes = [...document.querySelectorAll('.scroll')];
      return boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.ariaLabel);
    });
    expect(scrolled).toEqual([]);
  });

  it('fits a telephone, and paper, on which nothing is to be pressed', async () => {
    await page.setViewport({ width: 375, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    await page.emulateMediaType('print');
    const shown = (selector: string) => page.$eval(selector, (element) => getComputedStyle(element).display);
    expect([await shown('#tools'), await shown('.bar'), await shown('#plot svg')]).toEqual([
      'none',
      'none',
      'block',
    ]);
    await page.emulateMediaType();
  });

  it('is whole where no script runs', async () => {
    const still = await browser.newPage();
    await still.setJavaScriptEnabled(false);
    await still.goto(address);
    const [role, labels] = await still.$eval('#plot', (plot) => [
      plot.getAttribute('role'),
      plot.querySelectorAll('svg text').length,
    ]);
    expect(role).toBe('img');
    expect(labels).toBeGreaterThan(10);
    await still.close();
  });

  it('asks for nothing but itself, complains of nothing, and runs nothing that a run has brought', async () => {
    expect(asked).toEqual([address]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => 'evil' in globalThis)).toBe(false);
    expect(statSync(shop.path('runs/failure/report.html')).size).toBeLessThan(1e6);
  });
});

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}
