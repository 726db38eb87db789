import { describe, expect, it } from 'vitest';
import { type ChartSpec, pngScale, renderChart } from './render.ts';
import { config } from './theme.ts';

const chart = (mark: object): ChartSpec => ({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  config,
  width: 200,
  height: 100,
  data: { values: [{}] },
  mark: { type: 'text', ...mark },
  encoding: { x: { value: 100 }, y: { value: 50 } },
});

describe('renderChart', () => {
  it('draws a PNG of twice the size of its SVG', async () => {
    const { svg, png } = await renderChart(chart({ text: 'ok' }));
    const [, width, height] = /<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    const header = Buffer.from(png);
    expect(header.subarray(1, 4).toString()).toBe('PNG');
    expect(header.readUInt32BE(16)).toBe(pngScale * Number(width));
    expect(header.readUInt32BE(20)).toBe(pngScale * Number(height));
  });

  it('draws letters, regular and bold, with the font it brings', async () => {
    const [none, regular, bold] = await Promise.all(
      [{ text: ' ' }, { text: 'throughput' }, { text: 'throughput', fontWeight: 'bold' }].map(async (mark) =>
        Buffer.from((await renderChart(chart(mark))).png),
      ),
    );
    expect(regular?.equals(none ?? Buffer.of())).toBe(false);
    expect(bold?.equals(regular ?? Buffer.of())).toBe(false);
    expect(regular?.length).toBeGreaterThan((none?.length ?? 0) + 500);
  });

  it('keeps text as text in the SVG, with fallbacks for its font', async () => {
    const { svg } = await renderChart(chart({ text: 'throughput' }));
    expect(svg).toContain('>throughput</text>');
    expect(svg).toContain(`font-family="'DejaVu Sans', Verdana, Geneva, sans-serif"`);
  });

  it('refuses to load data from a file or an address', async () => {
    for (const url of ['file:///etc/hostname', 'http://127.0.0.1:9/data.json']) {
      await expect(renderChart({ ...chart({ text: 'x' }), data: { url } })).rejects.toMatchObject({
        name: 'OrchError',
        code: 'render-failed',
        message: expect.stringContaining(url),
      });
    }
  });

  it('says render-failed for a spec that is none', async () => {
    await expect(renderChart(JSON.parse('{"mark": 7}'))).rejects.toMatchObject({ code: 'render-failed' });
  });

  it('reports what Vega warns of', async () => {
    const odd = { ...chart({ text: 'x' }), encoding: { shape: { field: 'a', type: 'nominal' as const } } };
    expect((await renderChart(odd)).warnings.join()).toContain('shape');
  });
});
